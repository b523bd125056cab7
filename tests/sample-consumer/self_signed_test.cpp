#include "consumer/self_signed.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>

#include "consumer/config.hpp"
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

BOOST_AUTO_TEST_SUITE_END()
