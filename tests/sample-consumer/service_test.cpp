#include "consumer/service.hpp"

#include <httplib.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <future>

#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(service)

BOOST_AUTO_TEST_CASE(a_push_is_answered_and_then_handled, *utf::label("D1") * utf::label("D3")) {
  const test_support::TempFolder folder;
  consumer::Flags flags;
  flags.listen = "127.0.0.1:0";
  flags.plain_http = true;
  flags.inbox_url = "sqlite:" + folder.file("inbox.db");
  flags.admin = "127.0.0.1:0";
  flags.ready_file = folder.file("url");
  std::promise<std::string> handled;
  consumer::Service service(consumer::checked(flags), [&](const std::string& line) { handled.set_value(line); });

  const std::string& url = service.ready().url;
  BOOST_TEST(service.ready().shown_url.ends_with("/***"));
  std::string kept;
  std::ifstream(flags.ready_file) >> kept;
  BOOST_TEST(kept == url);
  namespace fs = std::filesystem;
  BOOST_TEST((fs::status(flags.ready_file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));

  const auto path_at = url.find('/', std::string("http://").size());
  httplib::Client client(url.substr(0, path_at));
  const auto answer = client.Post(url.substr(path_at), R"({"event":"budget.approved","data":1})", "application/json");
  BOOST_TEST_REQUIRE(static_cast<bool>(answer));
  BOOST_TEST(answer->status == 200);
  service.start_handling();
  BOOST_TEST(handled.get_future().get().starts_with("handled budget.approved"));
  BOOST_TEST(service.stop(std::chrono::seconds(1), std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_SUITE_END()
