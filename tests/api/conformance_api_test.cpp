// Runs of the conformance suite against registered webhooks: begin, follow, stop, read again.
#include "api/conformance_runs.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "conformance/registry.hpp"
#include "stage.hpp"
#include "stream_reader.hpp"

using namespace api_test;
using boost::unit_test::label;
using mock::conformance::all_cases;
using mock::conformance::Status;

namespace {

constexpr auto secret_url = "https://a.example/hook/5ecre7";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string header(const Reply& reply, const std::string& name) {
  const auto found = reply.headers.find(name);
  return found == reply.headers.end() ? "" : found->second;
}

// The value of `member` in every change that the stream told of, in order.
std::vector<std::string> told(const std::string& stream, const std::string& member) {
  std::vector<std::string> values;
  const std::string before = "event: conformance\ndata: ";
  for (auto at = stream.find(before); at != std::string::npos; at = stream.find(before, at + 1)) {
    const auto begin = at + before.size();
    values.push_back(json::serialize(json::parse(stream.substr(begin, stream.find('\n', begin) - begin)).at(member)));
  }
  return values;
}

std::string style_hash(const std::string& page) {
  const auto begin = page.find("<style>") + 7;
  const auto style = page.substr(begin, page.find("</style>") - begin);
  std::array<unsigned char, 32> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(style.data()), style.size(), digest.data());
  std::array<unsigned char, 45> text{};
  EVP_EncodeBlock(text.data(), digest.data(), 32);
  return reinterpret_cast<const char*>(text.data());
}

struct Suited : Stage {
  explicit Suited(StageOptions options = {}) : Stage(std::move(options)) {}
  std::string org = organization();
  std::string hook = webhook(org, secret_url);

  json::value start(const json::value& wish = json::object{}) const { return made(path(), wish); }
  std::string path() const { return "/v1/webhooks/" + hook + "/conformance"; }

  // Waits, as long as a whole test may take, for the run to end.
  json::value ended(const json::value& run) const {
    for (;;) {
      auto now = got("/v1/conformance/" + text(run, "id"));
      if (text(now, "state") != "running") return now;
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(conformance_of_the_api)

BOOST_AUTO_TEST_CASE(run_begins_at_once_and_ends_with_a_report) {
  Suited stage;
  stage.suite.hold_before(2);
  const auto begun = stage.start();
  BOOST_TEST(text(begun, "state") == "running");
  BOOST_TEST(text(begun, "webhookId") == stage.hook);
  BOOST_TEST(begun.at("total") == all_cases().size());
  BOOST_TEST(begun.at("endedAt").is_null());
  BOOST_TEST(begun.at("exitCode").is_null());
  BOOST_TEST(begun.at("full").is_null());
  BOOST_TEST(stage.get("/v1/clock").status == 200);  // nothing waits for the run
  stage.suite.release();
  const auto run = stage.ended(begun);
  BOOST_TEST(text(run, "state") == "finished");
  BOOST_TEST(run.at("done") == all_cases().size());
  BOOST_TEST(run.at("current").is_null());
  BOOST_TEST(run.at("exitCode") == 0);
  BOOST_TEST(run.at("full") == true);
  BOOST_TEST(run.at("summary").at("passed") == all_cases().size());
  BOOST_TEST(run.at("report").at("cases").as_array().size() == all_cases().size());
  BOOST_TEST(text(run, "startedAt") <= text(run, "endedAt"));
}

BOOST_AUTO_TEST_CASE(what_is_known_so_far_is_reported_while_it_runs) {
  Suited stage;
  stage.suite.hold_before(1);
  stage.suite.result("D1-post-taken", Status::failed);
  const auto id = text(stage.start({{"only", {"D1-post-taken", "D3"}}, {"skip", json::array()}}), "id");
  auto run = stage.got("/v1/conformance/" + id);
  while (run.at("done") == 0) run = stage.got("/v1/conformance/" + id);
  BOOST_TEST(text(run, "state") == "running");
  BOOST_TEST(text(run, "current") == "D3-exactly-200");
  BOOST_TEST(run.at("summary").at("failed") == 1);
  BOOST_TEST(run.at("report").at("cases").as_array().size() == 1U);
  BOOST_TEST(has(stage.get("/v1/conformance/" + id + "/report.html").text, "under way"));
  const auto& words = run.at("words").as_object();
  BOOST_TEST(has(text(words, "verdict"), "under way"));
  const auto& said = words.at("cases").as_array().at(0).as_object();
  BOOST_TEST(text(said, "id") == "D1-post-taken");
  BOOST_TEST(said.at("lines").as_array().at(0).as_array().at(0) == "requirement");
  stage.suite.release();
  BOOST_TEST(stage.ended(run).at("exitCode") == 1);
}

BOOST_AUTO_TEST_CASE(wish_is_handed_to_the_suite_with_the_webhook_it_is_about, *label("S2")) {
  Suited stage;
  stage.ended(stage.start({{"only", {"E6"}}, {"skip", {"D"}}, {"strict", true}, {"disruptive", true}, {"seed", 42}}));
  const auto wish = stage.suite.last_wish();
  BOOST_TEST(wish.url == secret_url);
  BOOST_TEST(wish.org_id == stage.org);
  BOOST_TEST(wish.events == std::vector<std::string>{"invoice.updated"});
  BOOST_TEST(wish.only == std::vector<std::string>{"E6"});
  BOOST_TEST(wish.skip == std::vector<std::string>{"D"});
  BOOST_TEST(wish.strict);
  BOOST_TEST(wish.disruptive);
  BOOST_TEST(wish.seed.value() == 42U);
}

BOOST_AUTO_TEST_CASE(webhook_that_listens_to_everything_known_is_no_limit, *label("S2")) {
  Suited stage;
  json::array events{"project.created"};
  for (const auto* family : {"event", "invoice", "offer"})
    for (const auto* action : {"deleted", "created", "updated"})
      events.emplace_back(std::string{family} + '.' + action);
  const auto all =
      stage.made("/v1/webhooks", {{"orgId", stage.org}, {"url", "https://b.example/h"}, {"events", events}});
  stage.hook = text(all, "id");
  stage.ended(stage.start());
  BOOST_TEST(stage.suite.last_wish().events.empty());
}

BOOST_AUTO_TEST_CASE(body_may_be_left_out_and_members_may_be_null) {
  Suited stage;
  stage.ended(stage.post(stage.path()).body());
  stage.ended(stage.start({{"only", nullptr}, {"skip", nullptr}, {"strict", nullptr}, {"seed", nullptr}}));
  BOOST_TEST(stage.suite.last_wish().only.empty());
}

BOOST_AUTO_TEST_CASE(refused_wishes_say_what_is_wrong) {
  Suited stage;
  const auto refused = [&](const json::value& wish, int status, const std::string& part) {
    const auto reply = stage.post(stage.path(), wish);
    BOOST_TEST(reply.status == status);
    const auto error = reply.error();
    BOOST_TEST(has(error, part), error);
    BOOST_TEST(!has(error, "5ecre7"));
  };
  refused({{"only", {"D4-brst"}}}, 422,
          "'only': no case, clause or clause letter has the name 'D4-brst'; the nearest is D4-burst");
  refused({{"skip", {"e10"}}}, 422, "the nearest is E10");
  refused({{"only", {"E1"}}, {"skip", {"E"}}}, 422, "leaves out every case");
  refused({{"only", "E1"}}, 422, "'only' must be an array of strings");
  refused({{"strict", 1}}, 422, "'strict' must be true or false");
  refused({{"seed", -1}}, 422, "'seed' must be a whole number from 0 to 9007199254740991");
  refused({{"seed", 1.5}}, 422, "'seed'");
  refused({{"seed", "7"}}, 422, "'seed'");
  refused({{"seed", std::uint64_t{1} << 53}}, 422, "'seed'");
  refused({{"repeat", 2}}, 422, "unknown member 'repeat'");
  refused(json::array{}, 422, "must be a JSON object");
  BOOST_TEST(stage.got("/v1/conformance").at("items").as_array().empty());

  BOOST_TEST(stage.post("/v1/webhooks/none/conformance", json::object{}).status == 404);
  stage.hook = stage.webhook(stage.org, "https://b.example/h", "project.created");
  refused(json::object{}, 422, "listens to none of the webhook events");
  BOOST_TEST(stage.call("DELETE", "/v1/webhooks/" + stage.hook).status == 200);
  refused(json::object{}, 409, "deleted");
}

BOOST_AUTO_TEST_CASE(one_run_against_a_webhook_at_a_time_and_four_in_all) {
  Suited stage;
  stage.suite.hold_before(0);
  const auto first = stage.start();
  BOOST_TEST(has(stage.post(stage.path(), json::object{}).error(), "is under way"));
  for (const auto* url : {"https://b.example/", "https://c.example/", "https://d.example/"}) {
    stage.hook = stage.webhook(stage.org, url);
    stage.start();
  }
  stage.hook = stage.webhook(stage.org, "https://e.example/");
  const auto fifth = stage.post(stage.path(), json::object{});
  BOOST_TEST(fifth.status == 409);
  BOOST_TEST(has(fifth.error(), "4 runs are under way"));
  stage.suite.release();
  stage.ended(first);
  stage.hook = text(first, "webhookId");
  stage.ended(stage.start());
}

BOOST_AUTO_TEST_CASE(list_is_newest_first_and_of_one_webhook_if_asked) {
  Suited stage;
  const auto first = text(stage.ended(stage.start()), "id");
  auto other = stage.webhook(stage.org, "https://b.example/");
  std::swap(stage.hook, other);
  const auto second = text(stage.ended(stage.start()), "id");
  const auto all = stage.got("/v1/conformance");
  BOOST_TEST(all.at("next").is_null());
  BOOST_TEST(text(all.at("items").at(0), "id") == second);
  BOOST_TEST(text(all.at("items").at(1), "id") == first);
  const auto one = stage.got("/v1/conformance?webhook=" + other);
  BOOST_TEST(one.at("items").as_array().size() == 1U);
  BOOST_TEST(text(one.at("items").at(0), "id") == first);
  BOOST_TEST(stage.get("/v1/conformance?webhook=none").status == 404);
  BOOST_TEST(stage.get("/v1/conformance/none").status == 404);
  BOOST_TEST(stage.get("/v1/conformance/none/report.html").status == 404);
  BOOST_TEST(stage.call("DELETE", "/v1/conformance/none").status == 404);
}

BOOST_AUTO_TEST_CASE(last_fifty_are_kept) {
  Suited stage;
  const auto first = text(stage.ended(stage.start({{"only", {"E1"}}})), "id");
  std::string last;
  for (int i = 0; i < 50; ++i) last = text(stage.ended(stage.start({{"only", {"E1"}}})), "id");
  const auto items = stage.got("/v1/conformance").at("items").as_array();
  BOOST_TEST(items.size() == 50U);
  BOOST_TEST(text(items.at(0), "id") == last);
  BOOST_TEST(stage.get("/v1/conformance/" + first).status == 404);
}

BOOST_AUTO_TEST_CASE(stopped_run_keeps_what_it_found) {
  Suited stage;
  stage.suite.hold_before(3);
  const auto id = text(stage.start(), "id");
  while (stage.got("/v1/conformance/" + id).at("done") != 3) {
  }
  const auto stopped = stage.call("DELETE", "/v1/conformance/" + id);
  BOOST_TEST(stopped.status == 200);
  BOOST_TEST(text(stopped.body(), "state") == "stopped");
  BOOST_TEST(stopped.body().at("exitCode") == 130);
  BOOST_TEST(stopped.body().at("full").is_null());
  BOOST_TEST(stopped.body().at("done") == 3);
  BOOST_TEST(stopped.body().at("summary").at("skipped") == all_cases().size() - 3);
  BOOST_TEST(stage.got("/v1/conformance/" + id).at("report").at("summary").at("passed") == 3);
  BOOST_TEST(stage.call("DELETE", "/v1/conformance/" + id).text == stopped.text);  // changes nothing
}

BOOST_AUTO_TEST_CASE(consumer_that_cannot_be_reached_is_told_as_error, *label("D5")) {
  Suited stage;
  stage.suite.unreached("unreachable after 1 ms (connection refused)");
  const auto run = stage.ended(stage.start());
  BOOST_TEST(text(run, "state") == "finished");
  BOOST_TEST(run.at("exitCode") == 3);
  BOOST_TEST(text(run, "error") == "no connection to this webhook: unreachable after 1 ms (connection refused)");
}

BOOST_AUTO_TEST_CASE(suite_that_cannot_go_on_fails_the_run_and_nothing_else) {
  Suited stage;
  stage.suite.hold_before(1);
  stage.suite.fail_with("ca.pem: cannot be read");
  const auto run = stage.ended(stage.start());
  BOOST_TEST(text(run, "state") == "failed");
  BOOST_TEST(text(run, "error") == "ca.pem: cannot be read");
  BOOST_TEST(run.at("exitCode").is_null());
  BOOST_TEST(run.at("full").is_null());
  BOOST_TEST(has(stage.get("/v1/conformance/" + text(run, "id") + "/report.html").text, "judged as far as it came"));
}

BOOST_AUTO_TEST_CASE(stream_tells_of_the_start_every_case_and_the_end) {
  Suited stage;
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  stage.start({{"only", {"E1", "E2", "E3"}}, {"skip", {"E2"}}});
  const auto seen = stream.until(R"("state":"finished")") + "\n";
  BOOST_TEST(told(seen, "done") == (std::vector<std::string>{"0", "1", "2", "3", "3"}));
  BOOST_TEST(told(seen, "current") == (std::vector<std::string>{R"("E1-event-created")", R"("E3-event-updated")",
                                                                R"("E3-event-updated")", "null", "null"}));
  BOOST_TEST(told(seen, "state").back() == R"("finished")");
}

BOOST_AUTO_TEST_CASE(page_of_a_run_allows_its_own_style_and_nothing_else) {
  Suited stage;
  stage.suite.result("E1-event-created", Status::failed);
  const auto run = stage.ended(stage.start({{"only", {"E1"}}}));
  const auto page = stage.get("/v1/conformance/" + text(run, "id") + "/report.html");
  BOOST_TEST(page.status == 200);
  BOOST_TEST(header(page, "Content-Type") == "text/html; charset=utf-8");
  BOOST_TEST(header(page, "X-Content-Type-Options") == "nosniff");
  BOOST_TEST(header(page, "Cache-Control") == "no-store");
  BOOST_TEST(header(page, "Content-Security-Policy") ==
             "default-src 'none'; style-src 'sha256-" + style_hash(page.text) +
                 "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
  BOOST_TEST(has(page.text, "does not conform"));
  BOOST_TEST(has(page.text, "scripted &lt;b&gt;&amp;"));
  BOOST_TEST(!has(page.text, "style=\""));
  BOOST_TEST(!has(page.text, "<script"));
}

BOOST_AUTO_TEST_CASE(secret_path_is_told_to_nobody) {
  Suited stage;
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  const auto run = stage.ended(stage.start());
  const auto id = text(run, "id");
  stream.until(R"("state":"finished")");
  for (const auto& shown : {stream.seen(), stage.get("/v1/conformance").text, stage.get("/v1/conformance/" + id).text,
                            stage.get("/v1/conformance/" + id + "/report.html").text}) {
    BOOST_TEST(has(shown, id) != has(shown, "<html"));
    BOOST_TEST(!has(shown, "5ecre7"));
  }
}

BOOST_AUTO_TEST_CASE(token_is_asked_for) {
  StageOptions options;
  options.token = "s3cret";
  Stage stage{options};
  for (const auto* path : {"/v1/conformance", "/v1/conformance/x", "/v1/conformance/x/report.html"}) {
    BOOST_TEST(stage.get(path).status == 401, path);
  }
  BOOST_TEST(stage.call("POST", "/v1/webhooks/x/conformance").status == 401);
  BOOST_TEST(stage.call("DELETE", "/v1/conformance/x").status == 401);
}

BOOST_AUTO_TEST_CASE(reset_stops_and_forgets_every_run) {
  Suited stage;
  stage.suite.hold_before(1);
  stage.start();
  StreamReader stream{stage.port()};
  stream.until("event: ready");
  BOOST_TEST(stage.post("/v1/reset").status == 200);
  BOOST_TEST(stage.got("/v1/conformance").at("items").as_array().empty());
  const auto seen = stream.until("event: reset");
  BOOST_TEST(told(seen, "state").back() == R"("stopped")");
}

BOOST_AUTO_TEST_CASE(run_under_way_ends_with_the_server) {
  using namespace std::chrono_literals;
  const auto before = [] {
    Suited stage;
    stage.suite.hold_before(1);
    stage.start();
    return std::chrono::steady_clock::now();
  }();
  BOOST_CHECK(std::chrono::steady_clock::now() - before < 5s);
}

BOOST_AUTO_TEST_CASE(none_begins_while_the_server_stops) {
  Suited stage;
  stage.suite.hold_before(1);
  const auto id = text(stage.start(), "id");
  stage.conformance().close();
  BOOST_TEST(text(stage.got("/v1/conformance/" + id), "state") == "stopped");
  BOOST_TEST(stage.post(stage.path(), json::object{}).status == 503);
}

BOOST_AUTO_TEST_SUITE_END()
