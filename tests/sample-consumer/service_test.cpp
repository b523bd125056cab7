#include "consumer/service.hpp"

#include <httplib.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <sstream>
#include <thread>

#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;

namespace {

/// Keeps what is logged for as long as it lives.
class Log {
 public:
  Log() {
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(lines_)));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  std::size_t count(const std::string& text) const {
    const std::string all = lines_.str();
    std::size_t found = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++found;
    return found;
  }

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream lines_;
};

std::string page_of(const std::string& url, const std::string& path) {
  const auto page = httplib::Client(url.substr(0, url.size() - 1)).Get(path);
  return page ? page->body : "";
}

consumer::Flags in_memory() {
  consumer::Flags flags;
  flags.listen = "127.0.0.1:0";
  flags.plain_http = true;
  flags.inbox_url = "memory:";
  flags.paths = {"/hook"};
  flags.workers = 0;
  return flags;
}

/// As on a full disk: files can be made, but hold nothing.
class SmallFiles {
 public:
  SmallFiles() {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{0, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~SmallFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_before_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  rlimit before_{};
  void (*const signal_before_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

}  // namespace

BOOST_AUTO_TEST_SUITE(service)

BOOST_AUTO_TEST_CASE(what_comes_once_per_push_is_logged_once_and_counted, *utf::label("R1")) {
  const Log log;
  consumer::Flags flags;
  flags.listen = flags.admin = "127.0.0.1:0";
  flags.plain_http = true;
  flags.inbox_url = "memory:";
  flags.paths = {"/hook/s3cret"};
  flags.body_max = "1KiB";
  flags.workers = 0;
  consumer::Service service(consumer::checked(flags), [](const std::string&) {});
  const std::string& url = service.ready().url;
  httplib::Client client(url.substr(0, url.find('/', 8)));
  for (int i = 0; i < 5; ++i) {
    const auto answer = client.Post("/hook/s3cret", std::string(2'000, ' '), "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
    BOOST_TEST(answer->status == 413);
  }
  BOOST_TEST(page_of(service.ready().admin_url, "/metrics").find("\nprospero_pushes_too_large_total 5\n") !=
             std::string::npos);
  service.stop(std::chrono::milliseconds(0), std::chrono::milliseconds(0));  // afterwards nobody writes the log
  BOOST_TEST(log.count("answered 413") == 1u);
  BOOST_TEST(log.count("--body-max") == 1u);
  BOOST_TEST(log.count("s3cret") == 0u);
}

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

BOOST_AUTO_TEST_CASE(a_stop_gives_up_on_a_handler_that_does_not_return, *utf::label("R3")) {
  consumer::Flags flags;
  flags.listen = "127.0.0.1:0";
  flags.plain_http = true;
  flags.inbox_url = "memory:";
  flags.paths = {"/hook"};
  flags.workers = 1;
  std::promise<void> entered, released;
  consumer::Service service(consumer::checked(flags), [&](const std::string&) {
    entered.set_value();
    released.get_future().wait();
  });
  service.start_handling();
  const std::string& url = service.ready().url;
  const auto answer = httplib::Client(url.substr(0, url.find('/', 8)))
                          .Post("/hook", R"({"event":"budget.approved","data":1})", "application/json");
  BOOST_TEST_REQUIRE(static_cast<bool>(answer));
  BOOST_TEST(answer->status == 200);
  entered.get_future().wait();
  BOOST_TEST(!service.stop(std::chrono::milliseconds(0), std::chrono::milliseconds(20)));
  released.set_value();
  BOOST_TEST(service.stop(std::chrono::milliseconds(0), std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_CASE(garbage_is_logged_once_and_counted, *utf::label("E10")) {
  const Log log;
  consumer::Service service(consumer::checked(in_memory()), [](const std::string&) {});
  const std::string& url = service.ready().url;
  httplib::Client client(url.substr(0, url.find('/', 8)));
  for (const char* body : {"a", "{", "[1", "{\"event\":1}", "nonsense"}) {
    const auto answer = client.Post("/hook", body, "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
    BOOST_TEST(answer->status == 200);
  }
  service.stop(std::chrono::milliseconds(0), std::chrono::milliseconds(0));
  BOOST_TEST(log.count("kept aside") == 1u);
}

BOOST_AUTO_TEST_CASE(pushes_from_the_future_are_logged_once_and_counted, *utf::label("H8")) {
  const Log log;
  consumer::Service service(consumer::checked(in_memory()), [](const std::string&) {});
  const std::string& url = service.ready().url;
  httplib::Client client(url.substr(0, url.find('/', 8)));
  for (const char* day : {"01", "02", "03"}) {
    const auto answer = client.Post("/hook",
                                    R"({"event":"offer.updated","data":{"id":"6f1c2a00-8d3e-11ee-b962-0242ac120002",)"
                                    R"("name":"s3cret","lastUpdatedAt":"2999-01-)" +
                                        std::string(day) + R"(T00:00:00Z"}})",
                                    "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
    BOOST_TEST(answer->status == 200);
  }
  service.stop(std::chrono::milliseconds(0), std::chrono::milliseconds(0));
  BOOST_TEST(log.count("inbox row 1 (offer): ") == 1u);
  BOOST_TEST(log.count("ahead of this clock") == 1u);
  BOOST_TEST(log.count("s3cret") == 0u);
}

BOOST_AUTO_TEST_CASE(handlers_that_fail_alike_are_logged_once_and_counted) {
  const Log log;
  consumer::Flags flags = in_memory();
  flags.workers = 1;
  std::atomic<int> calls = 0;
  consumer::Service service(consumer::checked(flags), [&](const std::string&) {
    ++calls;
    throw std::runtime_error("no database");
  });
  const std::string& url = service.ready().url;
  httplib::Client client(url.substr(0, url.find('/', 8)));
  for (int n = 0; n < 5; ++n) {
    const auto answer =
        client.Post("/hook", R"({"event":"budget.approved","data":)" + std::to_string(n) + "}", "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
  }
  service.start_handling();
  while (calls < 6) std::this_thread::yield();  // the sixth is a second try: the fifth was told
  service.stop(std::chrono::milliseconds(0), std::chrono::seconds(30));
  BOOST_TEST(log.count("handler failed") == 1u);
  BOOST_TEST(log.count("no database") == 1u);
}

BOOST_AUTO_TEST_CASE(ready_file_that_cannot_be_written_now_keeps_nobody_from_pushing, *utf::label("R1")) {
  const test_support::TempFolder folder;
  const Log log;
  consumer::Flags flags = in_memory();
  flags.ready_file = folder.file("url");
  std::optional<SmallFiles> full(std::in_place);
  consumer::Service service(consumer::checked(flags), [](const std::string&) {});
  full.reset();
  BOOST_TEST(log.count("--ready-file: cannot write") == 1u);
  BOOST_TEST(service.ready().shown_url.ends_with("/***"));
  std::string kept;
  while (kept.empty()) std::ifstream(flags.ready_file) >> kept;
  BOOST_TEST(kept == service.ready().url);
}

BOOST_AUTO_TEST_SUITE_END()
