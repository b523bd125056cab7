#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <mutex>

#include "client.hpp"
#include "server.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;
using std::chrono::hours;
using std::chrono::milliseconds;
using test_support::write_pem;

namespace {

/// What the listener told of its certificate files.
struct Told {
  std::mutex mutex;
  std::vector<std::string> lines;

  std::function<void(const std::string&)> keeper() {
    return [this](const std::string& line) {
      const std::lock_guard hold(mutex);
      lines.push_back(line);
    };
  }
  std::size_t count() {
    const std::lock_guard hold(mutex);
    return lines.size();
  }
  std::string last() {
    const std::lock_guard hold(mutex);
    return lines.back();
  }
};

/// Whether a new connection gets a certificate that this authority signed.
bool is_served(const Server& server, const test_support::CertificateAuthority& ca) {
  try {
    Client client(server.listener.port());
    client.start_tls({ca.pem()});
    client.send(post(hook, body));
    return client.read_answer().status == 200;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void put(const Pki& pki, const test_support::Certificate& made) {
  write_pem(pki.options.certificate_file, made.pem);
  write_pem(pki.options.key_file, made.key_pem);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(certificate, *utf::label("D7"))

BOOST_AUTO_TEST_CASE(changed_files_are_used_for_new_connections_and_the_others_go_on) {
  Pki pki;
  Told told;
  pki.options.certificate_check_every = milliseconds(10);
  pki.options.on_certificate = told.keeper();
  Server server(pki.options);
  Client before(server.listener.port());
  before.start_tls({pki.ca.pem()});

  const test_support::CertificateAuthority fresh;
  put(pki, fresh.issue());
  BOOST_TEST(eventually([&] { return is_served(server, fresh); }));
  BOOST_TEST(!is_served(server, pki.ca));
  BOOST_TEST(told.last() == "");
  BOOST_TEST(server.listener.counters().certificate_reloads >= 1u);

  before.send(post(hook, body));
  BOOST_TEST(before.read_answer().status == 200);
}

BOOST_AUTO_TEST_CASE(broken_new_files_are_told_once_and_the_old_ones_stay) {
  Pki pki;
  Told told;
  pki.options.certificate_check_every = milliseconds(50);
  pki.options.on_certificate = told.keeper();
  Server server(pki.options);
  write_pem(pki.options.key_file, pki.ca.issue().key_pem);  // of another pair
  BOOST_TEST_REQUIRE(eventually([&] { return told.count() >= 1; }));
  BOOST_TEST(told.last().find("does not belong") != std::string::npos);
  BOOST_TEST(is_served(server, pki.ca));

  std::filesystem::remove(pki.options.key_file);
  BOOST_TEST_REQUIRE(eventually([&] { return told.count() >= 2; }));
  BOOST_TEST(told.last().find(pki.options.key_file) != std::string::npos);
  for (int i = 0; i < 20; ++i) BOOST_TEST(is_served(server, pki.ca));
  BOOST_TEST(told.count() == 2u);
  BOOST_TEST(server.listener.counters().certificate_failures == 2u);

  const test_support::CertificateAuthority fresh;
  put(pki, fresh.issue());
  BOOST_TEST(eventually([&] { return is_served(server, fresh); }));
}

BOOST_AUTO_TEST_CASE(a_reload_that_is_asked_for_happens_at_once_or_says_why_not) {
  Pki pki;
  pki.options.certificate_check_every = milliseconds(0);
  Server server(pki.options);
  const test_support::CertificateAuthority fresh;
  put(pki, fresh.issue());
  BOOST_TEST(is_served(server, pki.ca));
  server.listener.reload_certificate();
  BOOST_TEST(is_served(server, fresh));

  write_pem(pki.options.certificate_file, "nonsense\n");
  BOOST_CHECK_THROW(server.listener.reload_certificate(), pw::ListenError);
  BOOST_TEST(is_served(server, fresh));
  BOOST_TEST(server.listener.counters().certificate_failures == 1u);
  BOOST_TEST(server.listener.counters().certificate_reloads == 1u);
}

BOOST_AUTO_TEST_CASE(a_pipe_in_place_of_a_file_is_not_waited_on) {
  Pki pki;
  Told told;
  pki.options.certificate_check_every = milliseconds(10);
  pki.options.on_certificate = told.keeper();
  Server server(pki.options);
  std::filesystem::remove(pki.options.key_file);
  BOOST_REQUIRE(::mkfifo(pki.options.key_file.c_str(), 0600) == 0);
  BOOST_TEST_REQUIRE(eventually([&] { return told.count() >= 1; }));
  BOOST_CHECK_THROW(server.listener.reload_certificate(), pw::ListenError);
  BOOST_TEST(told.last().find("no regular file") != std::string::npos, told.last());
  BOOST_TEST(is_served(server, pki.ca));
}

BOOST_AUTO_TEST_CASE(its_end_is_known) {
  const Pki pki;
  Server server(pki.options);
  const auto left = server.listener.counters().certificate_expires.value() - std::chrono::system_clock::now();
  BOOST_TEST((left > hours(22) && left <= hours(24)));
  const Server plain;
  BOOST_TEST(!plain.listener.counters().certificate_expires);
}

BOOST_AUTO_TEST_SUITE_END()
