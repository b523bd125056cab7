#include "consumer/self_signed.hpp"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>

#include "consumer/config.hpp"
#include "support/certificates.hpp"
#include "support/temp_folder.hpp"

namespace fs = std::filesystem;
namespace pw = prospero::webhooks;

namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(self_signed)

BOOST_AUTO_TEST_CASE(three_files_are_made_that_a_listener_accepts) {
  const test_support::TempFolder folder;
  const auto files = consumer::self_signed(folder.file("tls"));
  for (const auto& file : {files.ca_file, files.certificate_file, files.key_file}) {
    BOOST_TEST(!text_of(file).empty());
    BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  }
  BOOST_TEST(text_of(files.ca_file).find("PRIVATE KEY") == std::string::npos);

  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = {{"/hook", ""}};
  pw::Receiver receiver(*inbox, options);
  pw::ListenerOptions listen;
  listen.certificate_file = files.certificate_file;
  listen.key_file = files.key_file;
  pw::Listener listener(receiver, listen);
  BOOST_CHECK_NO_THROW(listener.start());
}

BOOST_AUTO_TEST_CASE(what_is_there_is_kept) {
  const test_support::TempFolder folder;
  const std::string before = text_of(consumer::self_signed(folder.file("tls")).certificate_file);
  BOOST_TEST(text_of(consumer::self_signed(folder.file("tls")).certificate_file) == before);
}

BOOST_AUTO_TEST_CASE(half_a_set_is_refused) {
  const test_support::TempFolder folder;
  fs::remove(consumer::self_signed(folder.file("tls")).key_file);
  BOOST_CHECK_EXCEPTION(consumer::self_signed(folder.file("tls")), consumer::ConfigError, [&](const auto& error) {
    return std::string(error.what()).find(folder.file("tls")) != std::string::npos;
  });
  BOOST_CHECK_THROW(consumer::self_signed("/proc/tls"), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(a_set_that_cannot_be_made_whole_leaves_nothing) {
  const test_support::TempFolder folder;
  const std::string tls = folder.file("tls");
  fs::create_directories(tls);
  fs::create_directories(tls + "/ca.pem." + std::to_string(getpid()) + ".new");  // in the way of the last file
  BOOST_CHECK_THROW(consumer::self_signed(tls), consumer::ConfigError);
  BOOST_TEST(!fs::exists(tls + "/key.pem"));
  BOOST_TEST(!fs::exists(tls + "/cert.pem"));
  fs::remove(tls + "/ca.pem." + std::to_string(getpid()) + ".new");
  BOOST_TEST(fs::is_empty(tls));
  BOOST_CHECK_NO_THROW(consumer::self_signed(tls));
}

BOOST_AUTO_TEST_CASE(what_a_killed_start_left_half_written_is_not_in_the_way) {
  const test_support::TempFolder folder;
  const std::string tls = folder.file("tls");
  fs::create_directories(tls);
  std::ofstream(tls + "/key.pem." + std::to_string(getpid()) + ".new") << "half a k";
  BOOST_CHECK_NO_THROW(consumer::self_signed(tls));
}

BOOST_AUTO_TEST_CASE(an_expired_set_says_what_to_remove) {
  const test_support::TempFolder folder;
  const auto files = consumer::self_signed(folder.file("tls"));
  const test_support::CertificateAuthority ca;
  test_support::LeafOptions over;
  over.valid_from = -std::chrono::hours(48);
  over.valid_until = -std::chrono::hours(24);
  const auto expired = ca.issue(over);
  test_support::write_pem(files.certificate_file, expired.pem);
  test_support::write_pem(files.key_file, expired.key_pem);
  BOOST_CHECK_EXCEPTION(consumer::self_signed(folder.file("tls")), consumer::ConfigError, [&](const auto& error) {
    return std::string(error.what()).find("expired: remove ca.pem, cert.pem and key.pem in " + folder.file("tls")) !=
           std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
