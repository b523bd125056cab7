// `mock-prospero serve --store FILE` is killed at random instants under load, and goes on each time. At the end the
// history of the API and what the consumer wrote down must agree.
#include <httplib.h>

#include <csignal>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "recording_consumer.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

using boost::unit_test::label;
namespace json = boost::json;
using store_test::RecordingConsumer;

namespace {

constexpr const char* const content_type = "application/json";

class Serve {
 public:
  /// `before` is what the shell does first, such as setting a limit.
  explicit Serve(const std::string& store, const std::string& before = ":")
      : process_({"/bin/sh", "-c", before + "; exec \"$0\" \"$@\"", std::string{BIN_DIR} + "/mock-prospero", "serve",
                  "--listen", "127.0.0.1:0", "--store", store, "--clock", "virtual", "--allow-local", "--allow-http",
                  "--disable-after", "0"},
                 store + ".log"),
        api_(process_.read_line()) {}

  const std::string& api() const { return api_; }
  void kill() {
    process_.signal(SIGKILL);
    BOOST_TEST(process_.wait().signal == SIGKILL);
  }

 private:
  test_support::ChildProcess process_;
  std::string api_;
};

// Nothing when the server went away meanwhile.
std::optional<json::value> post(const std::string& api, const std::string& path, const json::value& body) {
  httplib::Client client{api};
  client.set_read_timeout(60);
  const auto result = client.Post(path, json::serialize(body), content_type);
  if (!result || result->status < 200 || result->status > 299) return std::nullopt;
  return json::parse(result->body);
}

json::value get(const std::string& api, const std::string& path) {
  const auto result = httplib::Client{api}.Get(path);
  if (!result || result->status != 200) throw std::runtime_error{"GET " + path};
  return json::parse(result->body);
}

std::string id_of(const std::optional<json::value>& made) {
  return std::string{made.value().at("id").as_string()};
}

// Triggers and advances the clock until the server is gone; the deliveries of the triggers that were answered.
std::vector<std::string> load(const std::string& api, const std::string& org, const std::string& round) {
  std::vector<std::string> acknowledged;
  for (int i = 0;; ++i) {
    const auto mark = round + '-' + std::to_string(i);
    const auto fired =
        post(api, "/v1/organizations/" + org + "/trigger", {{"event", "offer.updated"}, {"data", {{"mark", mark}}}});
    if (!fired) return acknowledged;
    acknowledged.emplace_back(fired->at("deliveries").at(0).as_string());
    if (i % 5 == 4 && !post(api, "/v1/clock/advance", {{"to", "next"}})) return acknowledged;
  }
}

std::vector<json::object> all_deliveries(const std::string& api) {
  std::vector<json::object> all;
  std::string cursor;
  for (;;) {
    const auto page = get(api, "/v1/deliveries?limit=1000" + cursor);
    for (const auto& one : page.at("items").as_array()) all.push_back(one.as_object());
    if (page.at("next").is_null()) return all;
    cursor = "&cursor=" + std::string{page.at("next").as_string()};
  }
}

struct Tally {
  int recorded = 0;
  int interrupted = 0;
  int last_number = 0;
  bool repeats_are_marked = true;
  bool succeeded_early = false;  // an attempt follows a success
};

Tally tally(const json::object& delivery) {
  Tally sum;
  bool interrupted = false;
  bool succeeded = false;
  for (const auto& one : delivery.at("attempts").as_array()) {
    const auto number = static_cast<int>(one.at("number").as_int64());
    sum.succeeded_early |= succeeded;
    sum.repeats_are_marked &= one.at("uncertain").as_bool() == interrupted;
    sum.repeats_are_marked &= number == sum.last_number + (interrupted ? 0 : 1);
    interrupted = one.at("outcome") == "interrupted";
    succeeded = one.at("outcome") == "ok";
    sum.interrupted += interrupted ? 1 : 0;
    ++sum.recorded;
    sum.last_number = number;
  }
  return sum;
}

void check(const json::object& delivery, const std::string& body, int received) {
  const auto sum = tally(delivery);
  BOOST_TEST(delivery.at("state") != "pending", body);
  BOOST_TEST(sum.last_number <= 4, body);
  BOOST_TEST(sum.repeats_are_marked, body);
  BOOST_TEST(!sum.succeeded_early, body);
  BOOST_TEST(received <= sum.recorded, body << " came " << received << " times: " << json::serialize(delivery));
  BOOST_TEST(received >= sum.recorded - sum.interrupted, body << " came " << received << " times");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kills)

BOOST_AUTO_TEST_CASE(no_attempt_is_lost_or_repeated_unmarked,
                     *label("G5") * label("G4") * label("R1") * label("R3") * label("R5")) {
  constexpr std::uint64_t seed = 20261124;
  constexpr int kills = 15;
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937_64 random{seed};
  const test_support::TempFolder folder;
  RecordingConsumer consumer{seed};
  std::string org;
  std::set<std::string> acknowledged;
  for (int round = 0; round < kills; ++round) {
    Serve serve{folder.file("s.db")};
    if (round == 0) {
      org = id_of(post(serve.api(), "/v1/organizations", {{"name", "Opera"}}));
      post(serve.api(), "/v1/webhooks",
           {{"orgId", org}, {"url", consumer.url()}, {"events", {"offer.updated", "offer.created"}}})
          .value();
    }
    std::vector<std::string> answered;
    std::thread loader{[&] { answered = load(serve.api(), org, std::to_string(round)); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{random() % 400});
    serve.kill();
    loader.join();
    acknowledged.insert(answered.begin(), answered.end());
  }
  BOOST_TEST(!acknowledged.empty());

  const Serve last{folder.file("s.db")};
  BOOST_TEST_REQUIRE(post(last.api(), "/v1/clock/advance", {{"seconds", 8 * 3600}}).has_value());
  auto received = consumer.received();
  int interrupted = 0;
  for (const auto& delivery : all_deliveries(last.api())) {
    const std::string id{delivery.at("id").as_string()};
    acknowledged.erase(id);
    const auto body = httplib::Client{last.api()}.Get("/v1/deliveries/" + id + "/body")->body;
    check(delivery, body, received[body]);
    interrupted += tally(delivery).interrupted;
    received.erase(body);
  }
  BOOST_TEST(acknowledged.empty(), acknowledged.size() << " acknowledged deliveries are gone");
  BOOST_TEST(received.empty(), received.size() << " bodies came that no delivery has");
  BOOST_TEST_MESSAGE(interrupted << " attempts were interrupted");
}

BOOST_AUTO_TEST_CASE(a_store_that_cannot_grow_is_507_and_loses_nothing_acknowledged, *label("T5")) {
  const test_support::TempFolder folder;
  std::size_t acknowledged = 0;
  {
    Serve serve{folder.file("s.db"), "trap '' XFSZ; ulimit -f 300"};
    httplib::Client client{serve.api()};
    auto result = client.Post("/v1/organizations", R"({"name": "Opera"})", content_type);
    for (; result && result->status == 201 && acknowledged < 1000; ++acknowledged) {
      result = client.Post("/v1/organizations", R"({"name": "Opera"})", content_type);
    }
    BOOST_TEST_REQUIRE((result && result->status == 507));
    BOOST_TEST(json::parse(result->body).at("error").as_string().find("s.db") != json::string::npos);
    BOOST_TEST(!get(serve.api(), "/v1/organizations").at("items").as_array().empty());
    serve.kill();
  }
  const Serve again{folder.file("s.db")};
  BOOST_TEST(get(again.api(), "/v1/organizations?limit=1000").at("items").as_array().size() == acknowledged);
}

BOOST_AUTO_TEST_SUITE_END()
