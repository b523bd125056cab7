#include <prospero/webhooks/receive/receiver.hpp>

#include <atomic>
#include <mutex>
#include <vector>

#include "fixture.hpp"
#include "passing_inbox.hpp"
#include "record.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120002";
const std::string push = R"({"event":"invoice.updated","data":{"id":"6F1C2A00-8D3E-11EE-B962-0242AC120002"}})";

pw::ReceiverOptions with_hooks() {
  pw::ReceiverOptions options;
  options.hooks = {{"/hook/s3cret", "org-1"}, {"/hook/other", "org-2"}};
  return options;
}

pw::Request post(std::string body, std::string target = "/hook/s3cret", std::string encoding = "") {
  return {"POST", std::move(target), std::move(encoding), std::move(body)};
}

std::string refusal_of(std::vector<pw::Hook> hooks) {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = std::move(hooks);
  try {
    pw::Receiver{*inbox, options};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

// An inbox on a disk that answers when the test says so.
class SlowInbox : public PassingInbox {
 public:
  using PassingInbox::PassingInbox;
  void store(pw::Arrival, Stored done) override {
    const std::lock_guard hold{mutex_};
    waiting_.push_back(std::move(done));
  }
  void finish_all(const pw::StoreResult& result) {
    const std::lock_guard hold{mutex_};
    for (const auto& done : waiting_) done(result);
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Stored> waiting_;
};

// The answers to one request, of which there must be one.
struct Answers {
  std::atomic<int> count{0};
  std::promise<pw::Response> first;

  pw::Receiver::Done done() {
    return [this](pw::Response response) {
      if (count++ == 0) first.set_value(std::move(response));
    };
  }
};

// Remembers from which sources pushes came that it was told of as not stored.
struct Told final : PassingInbox {
  using PassingInbox::PassingInbox;
  void unstored(std::string_view source, pw::InboxTime) override { sources.emplace_back(source); }
  std::vector<std::string> sources;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(receiver)

BOOST_AUTO_TEST_CASE(head_decides_404_before_405_before_413, *label("D1") * label("D3")) {
  const auto inbox = pw::open_inbox("memory:");
  const pw::Receiver receiver{*inbox, with_hooks()};
  constexpr std::uint64_t limit = 16u << 20;
  struct Row {
    const char *method, *target;
    std::optional<std::uint64_t> length;
    int status;  // 0: the body is wanted
  };
  const Row rows[] = {
      {"POST", "/hook/s3cret", 10, 0},
      {"POST", "/hook/s3cret", std::nullopt, 0},
      {"POST", "/hook/other?x=/hook", limit, 0},
      {"POST", "/hook/s3cret", limit + 1, 413},
      {"GET", "/hook/s3cret", std::nullopt, 405},
      {"post", "/hook/s3cret", 10, 405},
      {"PUT", "/hook/s3cret", limit + 1, 405},
      {"POST", "/hook/s3cre", 10, 404},
      {"POST", "/hook/s3crett", 10, 404},
      {"POST", "/hook/S3cret", 10, 404},
      {"POST", "/hook/s3cret/", 10, 404},
      {"POST", "/hook//s3cret", 10, 404},
      {"POST", "/hook/s3%63ret", 10, 404},
      {"POST", "", 10, 404},
      {"GET", "/", std::nullopt, 404},
      {"DELETE", "/elsewhere", limit + 1, 404},
  };
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.method << " " << row.target) {
      const auto answer = receiver.answer_to_head(row.method, row.target, row.length);
      BOOST_TEST((answer ? answer->status : 0) == row.status);
      if (answer) BOOST_TEST(answer->allow_post == (row.status == 405));
    }
  }
}

BOOST_AUTO_TEST_CASE(whatever_came_by_a_hook_is_kept_and_answered_200, *label("D3") * label("E10")) {
  pw::ReceiverOptions options = with_hooks();
  options.parse_bytes_max = 200;
  struct Row {
    const char* what;
    std::string body, encoding;
    const char* state;
  };
  const std::string deep = R"({"event":"x.y","data":)" + std::string(64, '[') + std::string(64, ']') + "}";
  const Row rows[] = {
      {"a push", push, "", "pending"},
      {"said to be plain", push + " ", "Identity", "pending"},
      {"a new webhook event", R"({"event":"weather.changed","data":7})", "", "pending"},
      {"empty", "", "", "quarantined"},
      {"malformed", "{\"event\":", "", "quarantined"},
      {"no push", "[]", "", "quarantined"},
      {"too large to parse", push + std::string(200, ' '), "", "quarantined"},
      {"too deep", deep, "", "quarantined"},
      {"compressed", push + "  ", "gzip", "quarantined"},
  };
  const auto inbox = pw::open_inbox("memory:");
  pw::Receiver receiver{*inbox, options};
  for (const Row& row : rows) {
    BOOST_TEST_CONTEXT(row.what) {
      BOOST_TEST(receiver.receive(post(row.body, "/hook/s3cret", row.encoding)).status == 200);
      const auto page = inbox->list(std::nullopt, 1);
      BOOST_REQUIRE(page.rows.size() == 1u);
      BOOST_TEST((page.rows[0].identity == pw::identity_of(row.body)));
      BOOST_TEST(to_text(page.rows[0].state) == row.state);
      BOOST_TEST(page.rows[0].error.empty() == (page.rows[0].state == pw::InboxState::pending));
    }
  }
  BOOST_TEST(inbox->list(std::nullopt, 100).rows.size() == std::size(rows));
}

BOOST_AUTO_TEST_CASE(row_says_what_the_push_is_about, *label("E6") * label("T1")) {
  const auto inbox = pw::open_inbox("memory:");
  pw::Receiver receiver{*inbox, with_hooks()};
  receiver.receive(post(push, "/hook/other?x=1"));
  receiver.receive(post(R"({"event":")" + std::string(1'000, 'e') + R"(","data":{"id":"7"}})"));
  const auto rows = inbox->list(std::nullopt, 2).rows;
  BOOST_REQUIRE(rows.size() == 2u);
  BOOST_TEST(rows[1].event.value() == "invoice.updated");
  BOOST_TEST(rows[1].family.value() == "invoice");
  BOOST_TEST(rows[1].entity_id.value() == id);
  BOOST_TEST(rows[1].source == "org-2");
  BOOST_TEST(rows[0].event.value() == std::string(256, 'e'));
  BOOST_TEST(!rows[0].family);
  BOOST_TEST(!rows[0].entity_id);
  BOOST_TEST(rows[0].source == "org-1");
}

BOOST_AUTO_TEST_CASE(refused_request_leaves_no_row) {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options = with_hooks();
  options.body_bytes_max = 100;
  pw::Receiver receiver{*inbox, options};
  BOOST_TEST(receiver.receive(post(push + std::string(100, ' '))).status == 413);
  BOOST_TEST(receiver.receive(post(push, "/hook/guess")).status == 404);
  const auto not_post = receiver.receive({"GET", "/hook/s3cret", "", ""});
  BOOST_TEST(not_post.status == 405);
  BOOST_TEST(not_post.allow_post);
  BOOST_TEST(inbox->list(std::nullopt, 10).rows.empty());
}

BOOST_AUTO_TEST_CASE(answer_waits_for_the_commit, *label("R3")) {
  const auto memory = pw::open_inbox("memory:");
  SlowInbox inbox{*memory};
  pw::ReceiverOptions options = with_hooks();
  options.store_wait_max = std::chrono::hours{1};
  pw::Receiver receiver{inbox, options};
  Answers answers;
  receiver.receive(post(push), answers.done());
  BOOST_TEST(answers.count == 0);
  inbox.finish_all({pw::StoreStatus::stored, 1, {}});
  BOOST_TEST(answers.count == 1);
  BOOST_TEST(answers.first.get_future().get().status == 200);
}

BOOST_AUTO_TEST_CASE(push_may_wait_for_the_disk_for_any_time) {
  const auto inbox = pw::open_inbox("memory:");
  for (const auto longest :
       {std::chrono::milliseconds{std::chrono::hours{24 * 365 * 300}}, std::chrono::milliseconds::max()}) {
    pw::ReceiverOptions options = with_hooks();
    options.store_wait_max = longest;
    pw::Receiver receiver{*inbox, options};
    for (int n = 0; n < 50; ++n) BOOST_TEST(receiver.receive(post(push)).status == 200);
  }
}

BOOST_AUTO_TEST_CASE(push_that_cannot_be_stored_is_answered_503_and_reported, *label("R1") * label("R3")) {
  pw::InboxOptions no_room;
  no_room.queue_count_max = 0;
  const auto inbox = pw::open_inbox("memory:", no_room);
  pw::ReceiverOptions options = with_hooks();
  std::vector<std::string> reasons;
  options.on_unstored = [&reasons](const std::string& reason) { reasons.push_back(reason); };
  pw::Receiver receiver{*inbox, options};
  const auto response = receiver.receive(post(push));
  BOOST_TEST(response.status == 503);
  BOOST_TEST(response.retry_after_s.value() == 60);
  BOOST_REQUIRE(reasons.size() == 1u);
  BOOST_TEST(reasons[0] == "too many arrivals wait for the disk");
}

BOOST_AUTO_TEST_CASE(push_that_is_too_large_is_evidence_for_a_gap, *label("R4")) {
  const auto memory = pw::open_inbox("memory:");
  Told inbox{*memory};
  const pw::Receiver receiver{inbox, with_hooks()};
  constexpr std::uint64_t too_many = (16u << 20) + 1;
  BOOST_TEST(receiver.answer_to_head("POST", "/hook/s3cret", too_many).value().status == 413);
  BOOST_TEST(receiver.too_large("/hook/other?x=1").status == 413);  // one whose length was not declared
  CHECK_LINES(inbox.sources, "org-1", "org-2");
  BOOST_TEST(receiver.answer_to_head("POST", "/elsewhere", too_many).value().status == 404);
  BOOST_TEST(receiver.answer_to_head("PUT", "/hook/s3cret", too_many).value().status == 405);
  CHECK_LINES(inbox.sources, "org-1", "org-2");
}

BOOST_AUTO_TEST_CASE(push_that_is_not_taken_in_is_evidence_for_a_gap, *label("R4")) {
  const auto memory = pw::open_inbox("memory:");
  Told inbox{*memory};
  std::vector<std::string> reasons;
  auto options = with_hooks();
  options.on_unstored = [&](const std::string& reason) { reasons.push_back(reason); };
  const pw::Receiver receiver{inbox, options};
  const pw::Response response = receiver.unstored("/hook/other", "no room");
  BOOST_TEST(response.status == 503);
  BOOST_TEST(response.retry_after_s.value_or(0) == 60);
  CHECK_LINES(inbox.sources, "org-2");
  BOOST_TEST(receiver.counters().unstored == 1u);
  BOOST_TEST(reasons == std::vector<std::string>{"no room"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(slow_disk_is_answered_503_once_even_if_the_commit_follows, *label("D4")) {
  const auto memory = pw::open_inbox("memory:");
  SlowInbox inbox{*memory};
  pw::ReceiverOptions options = with_hooks();
  options.store_wait_max = std::chrono::milliseconds{5};
  pw::Receiver receiver{inbox, options};
  Answers first, second;
  receiver.receive(post(push), first.done());
  BOOST_TEST(first.first.get_future().get().status == 503);
  receiver.receive(post(push), second.done());
  BOOST_TEST(second.first.get_future().get().status == 503);
  inbox.finish_all({pw::StoreStatus::stored, 1, {}});
  BOOST_TEST(first.count == 1);
  BOOST_TEST(second.count == 1);
}

BOOST_AUTO_TEST_CASE(receiver_that_goes_answers_503_and_bears_a_late_commit) {
  const auto memory = pw::open_inbox("memory:");
  SlowInbox inbox{*memory};
  Answers answers;
  {
    pw::ReceiverOptions options = with_hooks();
    options.store_wait_max = std::chrono::hours{1};
    pw::Receiver receiver{inbox, options};
    receiver.receive(post(push), answers.done());
  }
  BOOST_TEST(answers.first.get_future().get().status == 503);
  inbox.finish_all({pw::StoreStatus::stored, 1, {}});
  BOOST_TEST(answers.count == 1);
}

BOOST_AUTO_TEST_CASE(bad_hooks_are_refused_without_showing_a_path) {
  BOOST_TEST(refusal_of({}).find("no hook") != std::string::npos);
  const std::vector<std::vector<pw::Hook>> bad{{{"s3cret", ""}},
                                               {{"/s3cret?x", ""}},
                                               {{"/s3 cret", ""}},
                                               {{"/s3cret", "a"}, {"/s3cret", "b"}},
                                               {{"/s3cret", "a\n"}}};
  for (const auto& hooks : bad) {
    const std::string message = refusal_of(hooks);
    BOOST_TEST(message.starts_with("hook "));
    BOOST_TEST(message.find("cret") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(push_from_the_future_is_told_with_its_row_and_family, *label("H8")) {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = {{"/hook", ""}};
  std::vector<std::pair<std::uint64_t, std::string>> told;
  options.on_from_future = [&told](std::uint64_t seq, const std::string& family) { told.emplace_back(seq, family); };
  pw::Receiver receiver{*inbox, options};
  for (const char* year : {"2026", "2999"})
    receiver.receive({"POST", "/hook", "",
                      R"({"event":"invoice.updated","data":{"id":"6f1c2a00-8d3e-11ee-b962-0242ac120002",)"
                      R"("lastUpdatedAt":")" +
                          std::string(year) + R"(-01-01T00:00:00Z"}})"});
  BOOST_TEST((told == std::vector<std::pair<std::uint64_t, std::string>>{{2, "invoice"}}));
}

BOOST_AUTO_TEST_CASE(body_that_is_kept_aside_is_told_with_its_reason, *label("D3")) {
  const auto inbox = pw::open_inbox("memory:");
  std::vector<std::string> reasons;
  pw::ReceiverOptions options;
  options.hooks = {{"/hook/secret", ""}};
  options.on_kept_aside = [&reasons](const std::string& reason) { reasons.push_back(reason); };
  pw::Receiver receiver(*inbox, options);
  BOOST_TEST(receiver.receive({"POST", "/hook/secret", "", "{"}).status == 200);
  BOOST_TEST(receiver.receive({"POST", "/hook/secret", "", R"({"event":"x","data":1})"}).status == 200);
  BOOST_TEST(reasons.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
