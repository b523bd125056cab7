#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "server.hpp"
#include "support/soft_limit.hpp"

namespace utf = boost::unit_test;
using namespace listener_test;
using std::chrono::hours;
using test_support::LeafOptions;
using test_support::write_pem;

namespace {

/// The line of the ListenError that `act` throws; empty when it throws none.
template <class Act>
std::string line_of(Act act) {
  try {
    act();
  } catch (const pw::ListenError& error) {
    return error.what();
  }
  return {};
}

/// The one line that start() refuses with; empty when it starts. check() says the same.
std::string refusal(const pw::ListenerOptions& options) {
  const std::string checked = line_of([&] { pw::Listener::check(options); });
  const std::string started = line_of([&] { Server{options}; });
  BOOST_TEST(checked == started);
  return started;
}

bool names(const std::string& line, const std::vector<std::string>& words) {
  BOOST_TEST_INFO("said: " << line);
  for (const auto& word : words)
    if (line.find(word) == std::string::npos) return false;
  return !line.empty() && line.find('\n') == std::string::npos;
}

/// While it lives there is room for the stacks of some threads more, but not for those of 64.
test_support::SoftLimit room_for_some_threads() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return {RLIMIT_AS, pages * static_cast<rlim_t>(getpagesize()) + (64u << 20)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_listener_that_cannot_start)

BOOST_AUTO_TEST_CASE(names_the_port_that_is_taken) {
  const Server first;
  pw::ListenerOptions options;
  options.port = first.listener.port();
  BOOST_TEST(names(refusal(options), {std::to_string(options.port), "taken"}));
}

// The sanitizer needs descriptors itself.
BOOST_AUTO_TEST_CASE(names_the_descriptors_that_it_cannot_have, *utf::label("unsanitized")) {
  const auto inbox = pw::open_inbox("memory:");
  pw::Receiver receiver(*inbox, receiver_options());
  pw::Listener listener(receiver, {});
  std::string checked, started;
  {
    const test_support::SoftLimit none(RLIMIT_NOFILE, 0);
    checked = line_of([] { pw::Listener::check({}); });
    started = line_of([&] { listener.start(); });
  }
  BOOST_TEST(names(started, {"ulimit -n"}));
  BOOST_TEST(checked == started);
}

BOOST_AUTO_TEST_CASE(names_the_address_that_it_cannot_have) {
  pw::ListenerOptions options;
  options.address = "192.0.2.1";
  BOOST_TEST(names(refusal(options), {"192.0.2.1", "no such address"}));
  options.address = "example.org";
  BOOST_TEST(names(refusal(options), {"example.org", "no IP address"}));
  options.address = "127.0.0.1";
  options.peers = {"10.0.0.0/99"};
  BOOST_TEST(names(line_of([&] { pw::Listener::check(options); }), {"10.0.0.0/99", "no network"}));
}

BOOST_AUTO_TEST_CASE(names_the_file_that_is_no_certificate_or_key) {
  const Pki pki;
  const std::string absent = pki.folder.file("absent.pem"), folder = pki.folder.path().string();
  const std::string text = write_pem(pki.folder.file("text.pem"), "hello\n");
  const std::string empty = write_pem(pki.folder.file("empty.pem"), "");
  const std::string broken =
      write_pem(pki.folder.file("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const std::string chain =
      write_pem(pki.folder.file("chain.pem"), pki.ca.issue().pem + "-----BEGIN CERTIFICATE-----\nA");
  for (const std::string& file : {absent, folder, text, empty, broken, chain, pki.options.key_file}) {
    pw::ListenerOptions options = pki.options;
    options.certificate_file = file;
    BOOST_TEST(names(refusal(options), {file, "certificate"}));
  }
  for (const std::string& file : {absent, folder, text, empty, pki.options.certificate_file}) {
    pw::ListenerOptions options = pki.options;
    options.key_file = file;
    BOOST_TEST(names(refusal(options), {file, "key"}));
  }
}

BOOST_AUTO_TEST_CASE(names_a_key_that_is_not_the_certificates) {
  const Pki pki;
  pw::ListenerOptions options = pki.options;
  options.key_file = write_pem(pki.folder.file("other.pem"), pki.ca.issue().key_pem);
  BOOST_TEST(names(refusal(options), {"other.pem", "cert.pem", "does not belong"}));
  options.key_file.clear();
  BOOST_TEST(names(refusal(options), {"go together"}));
}

BOOST_AUTO_TEST_CASE(names_the_day_of_a_certificate_out_of_its_time) {
  const Pki pki;
  const auto refusal_of = [&](std::chrono::seconds from, std::chrono::seconds until) {
    LeafOptions leaf;
    leaf.valid_from = from;
    leaf.valid_until = until;
    const auto made = pki.ca.issue(leaf);
    pw::ListenerOptions options;
    options.certificate_file = write_pem(pki.folder.file("late.pem"), made.pem);
    options.key_file = write_pem(pki.folder.file("late-key.pem"), made.key_pem);
    return refusal(options);
  };
  BOOST_TEST(names(refusal_of(-hours(48), -hours(24)), {"late.pem", "expired on 20", "Z"}));
  BOOST_TEST(names(refusal_of(hours(24), hours(48)), {"late.pem", "not valid before 20", "Z"}));
  BOOST_TEST(refusal_of(-hours(1), hours(1)) == "");
}

BOOST_AUTO_TEST_CASE(names_an_encrypted_key) {
  const Pki pki;
  pw::ListenerOptions options = pki.options;
  options.key_file = write_pem(pki.folder.file("encrypted.pem"),
                               "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                               "DEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\nAAAA\n"
                               "-----END EC PRIVATE KEY-----\n");
  BOOST_TEST(names(refusal(options), {"encrypted.pem", "passphrase"}));
}

// In a sanitized build memory is not given in these sizes.
BOOST_AUTO_TEST_CASE(names_the_thread_that_it_cannot_have_and_ends_those_it_has, *utf::label("unsanitized")) {
  const auto inbox = pw::open_inbox("memory:");
  pw::Receiver receiver(*inbox, receiver_options());
  pw::ListenerOptions options;
  options.threads = 64;
  pw::Listener listener(receiver, options);
  const auto room = room_for_some_threads();
  BOOST_TEST(names(line_of([&] { listener.start(); }), {"thread", "ulimit -u"}));
}

BOOST_AUTO_TEST_SUITE_END()
