// `mock-prospero serve` with other values than the usual ones where Prospero leaves a choice.
#include <httplib.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "programs.hpp"

namespace json = boost::json;
namespace utf = boost::unit_test;

namespace {

/// A consumer in this process, over plain HTTP, that keeps what it got.
class Recorder {
 public:
  Recorder() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      {
        const std::lock_guard lock{mutex_};
        got_.push_back(request);
      }
      const std::lock_guard wait{gate};
      response.status = status;
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    e2e::eventually("the consumer listens", [this] { return server_.is_running(); });
  }
  ~Recorder() {
    server_.stop();
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<httplib::Request> got() const {
    const std::lock_guard lock{mutex_};
    return got_;
  }
  std::atomic<int> status = 200;
  std::mutex gate;  ///< no answer while it is locked

 private:
  mutable std::mutex mutex_;
  std::vector<httplib::Request> got_;
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

class Serve {
 public:
  explicit Serve(const e2e::Args& more, const std::string& log = "/dev/null") : process_(args(more), log) {
    client_.emplace(process_.read_line());
    client_->set_keep_alive(true);
    client_->set_read_timeout(60);
  }

  json::value get(const std::string& path) { return body_of(client_->Get(path)); }
  json::value post(const std::string& path, const json::value& body) {
    return body_of(client_->Post(path, json::serialize(body), "application/json"));
  }
  json::value advance(const json::value& by) { return post("/v1/clock/advance", by); }

  /// An organization with a webhook; returns the path of its calendar Events.
  std::string register_webhook(const Recorder& consumer, const json::array& events) {
    const auto org = std::string(post("/v1/organizations", {{"name", "Opera"}}).at("id").as_string());
    post("/v1/webhooks", {{"orgId", org}, {"url", consumer.url()}, {"events", events}});
    return "/v1/organizations/" + org + "/events";
  }
  json::array attempts() { return get("/v1/deliveries").at("items").at(0).at("attempts").as_array(); }
  test_support::ChildProcess& process() { return process_; }

 private:
  static e2e::Args args(const e2e::Args& more) {
    e2e::Args all{e2e::program("mock-prospero"), "serve", "--listen", "127.0.0.1:0", "--allow-local", "--allow-http"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  static json::value body_of(const httplib::Result& result) {
    BOOST_TEST_REQUIRE(static_cast<bool>(result));
    BOOST_TEST_REQUIRE(result->status / 100 == 2, result->body);
    return json::parse(result->body);
  }

  test_support::ChildProcess process_;
  std::optional<httplib::Client> client_;
};

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The line that begins with the id, and the one after it if that goes on with it.
std::string lines_about(const std::string& id, const std::string& log) {
  const auto at = log.find('\n' + id + ' ');
  if (at == std::string::npos) return "";
  const auto end = log.find('\n', at + 1);
  const bool goes_on = log.compare(end, 2, "\n ") == 0;
  return log.substr(at, (goes_on ? log.find('\n', end + 1) : end) - at);
}

/// Milliseconds of "2026-11-29T21:00:00.123Z" since its day began.
long milliseconds_of_day(const json::value& time) {
  const std::string text(time.as_string());
  const auto number = [&](std::size_t at, std::size_t size) { return std::stol(text.substr(at, size)); };
  return ((number(11, 2) * 60 + number(14, 2)) * 60 + number(17, 2)) * 1000 + number(20, 3);
}

long milliseconds_between(const json::value& from, const json::value& to) {
  constexpr long day = 86'400'000;
  return (milliseconds_of_day(to) - milliseconds_of_day(from) + day) % day;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chosen_values)

BOOST_AUTO_TEST_CASE(all_are_told_at_the_start_with_their_flags) {
  const test_support::TempFolder folder;
  Serve serve({"--content-type", "application/json; charset=utf-8", "--disable-after", "7"}, folder.file("log"));
  std::string log;
  e2e::eventually("the last value is told", [&] {
    log = text_of(folder.file("log"));
    return log.find("\nG6 ") != std::string::npos;
  });
  int told = 0;
  const auto contract = serve.get("/v1/contract");
  for (const auto& clause : contract.at("clauses").as_array()) {
    const bool has_choice = clause.at("mark") == "chosen" || !clause.at("note").is_null();
    if (!has_choice || clause.at("value").is_null()) continue;
    ++told;
    const auto lines = lines_about(std::string(clause.at("id").as_string()), log);
    BOOST_TEST(lines.find(clause.at("value").as_string()) != std::string::npos, clause << " in " << lines);
    if (!clause.at("flag").is_null()) BOOST_TEST(lines.find(clause.at("flag").as_string()) != std::string::npos, lines);
  }
  BOOST_TEST(told == 13);
  BOOST_TEST(log.find("charset=utf-8") != std::string::npos);
  BOOST_TEST(log.find("after 7 consecutive") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_start_tells_how_names_are_looked_up_and_connections_used) {
  const std::pair<e2e::Args, std::array<const char*, 2>> rows[] = {
      {{}, {"the system's name servers are asked  [--dns]", "a new one for each attempt  [--keep-alive]"}},
      {{"--dns", "127.0.0.1:5353", "--keep-alive"},
       {"127.0.0.1:5353 is asked  [--dns]",
        "used again for the same URL while the consumer keeps them  [--keep-alive]"}},
  };
  for (const auto& [flags, lines] : rows) {
    const test_support::TempFolder folder;
    const Serve serve(flags, folder.file("log"));
    for (const auto* line : lines) {
      e2e::eventually(line, [&] { return text_of(folder.file("log")).find(line) != std::string::npos; });
    }
  }
}

BOOST_AUTO_TEST_CASE(fields_of_a_push_and_of_its_entity, *utf::label("D2") * utf::label("E11") * utf::label("T3")) {
  Recorder consumer;
  Serve serve({"--clock", "virtual", "--content-type", "application/vnd.prospero+json", "--user-agent",
               "Prospero/2 (test)", "--archive-fires", "event.archived", "--without-fields",
               "createdAt,lastUpdatedAt"});
  const auto events = serve.register_webhook(consumer, {"event.created", "event.updated", "event.archived"});
  const auto made = serve.post(events, json::object{{"title", "Aida"}}).as_object();
  serve.post(events + '/' + std::string(made.at("id").as_string()) + "/archive", json::object{});
  serve.advance({{"seconds", 0}});

  const auto pushes = consumer.got();
  BOOST_TEST_REQUIRE(pushes.size() == 2U);
  std::multiset<std::string> fired;
  for (const auto& push : pushes) {
    BOOST_TEST(push.get_header_value("Content-Type") == "application/vnd.prospero+json");
    BOOST_TEST(push.get_header_value("User-Agent") == "Prospero/2 (test)");
    const auto body = json::parse(push.body);
    fired.emplace(body.at("event").as_string());
    BOOST_TEST(body.at("data").as_object().contains("orgId"));
    BOOST_TEST(!body.at("data").as_object().contains("createdAt"));
    BOOST_TEST(!body.at("data").as_object().contains("lastUpdatedAt"));
  }
  BOOST_TEST((fired == std::multiset<std::string>{"event.archived", "event.created"}));
  BOOST_TEST(!made.contains("lastUpdatedAt"));
}

BOOST_AUTO_TEST_CASE(delays_count_from_the_first_failure_over_a_crash, *utf::label("R2") * utf::label("G4")) {
  const test_support::TempFolder folder;
  Recorder consumer;
  consumer.status = 503;
  const e2e::Args flags{"--clock", "virtual", "--delays-count-from", "first-failure", "--store", folder.file("s.db")};
  {
    Serve serve(flags);
    serve.post(serve.register_webhook(consumer, {"event.created"}), json::object{});
    serve.advance({{"seconds", 60}});
    BOOST_TEST(serve.attempts().size() == 2U);
    serve.process().signal(SIGKILL);
    serve.process().wait();
  }
  Serve serve(flags);
  serve.advance({{"seconds", 7 * 3600}});
  const auto attempts = serve.attempts();
  BOOST_TEST_REQUIRE(attempts.size() == 4U);
  const auto& first_failure = attempts[0].at("endedAt");
  constexpr long minute = 60'000;
  BOOST_TEST(milliseconds_between(first_failure, attempts[1].at("scheduledAt")) == minute);
  BOOST_TEST(milliseconds_between(first_failure, attempts[2].at("scheduledAt")) == 60 * minute);
  BOOST_TEST(milliseconds_between(first_failure, attempts[3].at("scheduledAt")) == 360 * minute);
}

// Not in a sanitized build, which needs descriptors of its own.
BOOST_AUTO_TEST_CASE(what_the_mock_surely_did_not_send_is_no_copy, *utf::label("G5") * utf::label("unsanitized")) {
  const test_support::TempFolder folder;
  Recorder consumer;
  consumer.status = 503;
  Serve serve({"--speed", "60"}, folder.file("log"));  // the retry comes after a second
  std::unique_lock first_answer{consumer.gate};
  serve.post(serve.register_webhook(consumer, {"event.created"}), json::object{});
  e2e::eventually("the first attempt is under way", [&] { return consumer.got().size() == 1; });

  const auto pid = serve.process().pid();
  rlimit usual{};
  BOOST_TEST_REQUIRE(prlimit(pid, RLIMIT_NOFILE, nullptr, &usual) == 0);
  const rlimit none{3, usual.rlim_max};
  BOOST_TEST_REQUIRE(prlimit(pid, RLIMIT_NOFILE, &none, nullptr) == 0);
  first_answer.unlock();
  e2e::eventually("an attempt is held back",
                  [&] { return text_of(folder.file("log")).find("an attempt was not sent") != std::string::npos; });
  consumer.status = 200;
  BOOST_TEST_REQUIRE(prlimit(pid, RLIMIT_NOFILE, &usual, nullptr) == 0);
  e2e::eventually("it is delivered", [&] { return serve.attempts().back().at("outcome") == "ok"; });

  const auto attempts = serve.attempts();
  BOOST_TEST_REQUIRE(attempts.size() > 2U);
  for (std::size_t i = 1; i < attempts.size(); ++i) {
    const bool is_last = i + 1 == attempts.size();
    BOOST_TEST(attempts[i].at("number") == 2);
    BOOST_TEST(attempts[i].at("uncertain") == false);
    BOOST_TEST(attempts[i].at("outcome") == (is_last ? "ok" : "interrupted"));
    if (!is_last) BOOST_TEST(attempts[i].at("detail").as_string().starts_with("not sent"));
  }
  BOOST_TEST(consumer.got().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
