#include <prospero/webhooks/receive/worker.hpp>

#include <atomic>
#include <cmath>
#include <latch>
#include <vector>

#include "backoff.hpp"
#include "fixture.hpp"
#include "passing_inbox.hpp"
#include "record.hpp"

using namespace receive_test;
using boost::unit_test::label;
using std::chrono::milliseconds;

namespace {

std::string uuid(char last) {
  return std::string("6f1c2a00-8d3e-11ee-b962-0242ac12000") + last;
}

std::string body_of(char entity, const std::string& note) {
  return R"({"event":"invoice.updated","data":{"id":")" + uuid(entity) + R"(","note":")" + note + R"("}})";
}

pw::Arrival push(char entity, const std::string& note) {
  return arrival(body_of(entity, note), uuid(entity), "org-1");
}

std::string note_of(const pw::InvoiceUpdated& payload) {
  return std::string{payload.data().fields().at("note").as_string()};
}

pw::Dispatcher::Fallback no_fallback() {
  return [](const pw::AnyPayload&, pw::Delivery&, pw::Known) { BOOST_ERROR("the fallback was called"); };
}

pw::WorkerOptions recording(Record& handled) {
  pw::WorkerOptions options;
  options.backoff_min = options.backoff_max = milliseconds{0};
  options.on_handled = [&handled](const pw::InboxRow& row) {
    handled.add(std::to_string(row.seq) + " " + std::string{to_text(row.state)} + " " + std::to_string(row.tries));
  };
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(worker)

BOOST_AUTO_TEST_CASE(handler_gets_the_typed_push_and_how_it_came, *label("D1") * label("E6")) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, push('1', "hello"));
  store(*inbox, push('1', "hello"));
  Record calls, handled;
  pw::Dispatcher dispatcher{no_fallback()};
  dispatcher.on<pw::InvoiceUpdated>([&](const pw::InvoiceUpdated& payload, pw::Delivery& how) {
    calls.add(note_of(payload) + " " + how.source + " " + std::to_string(how.tries) + " " + std::to_string(how.copies) +
              " " + std::to_string(how.seen_before) + " " +
              (how.identity == pw::identity_of(body_of('1', "hello")) ? "same" : "other") + " " +
              (how.received_at == received_at() ? "then" : "at another time"));
  });
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  CHECK_LINES(handled.wait_for(1), "1 processed 1");
  CHECK_LINES(calls.wait_for(1), "hello org-1 1 1 0 same then");
}

BOOST_AUTO_TEST_CASE(push_that_arrives_while_the_worker_idles_is_handed_over) {
  const auto inbox = pw::open_inbox("memory:");
  Record handled;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  for (int n = 1; n <= 20; ++n) {
    store(*inbox, push('1', std::to_string(n)));
    BOOST_TEST(handled.wait_for(static_cast<std::size_t>(n)).back() == std::to_string(n) + " processed 1");
  }
}

BOOST_AUTO_TEST_CASE(worker_is_woken_although_the_one_that_it_replaced_goes_after_it_came) {
  const auto inbox = pw::open_inbox("memory:");
  Record handled;
  const pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  auto worker = std::make_unique<pw::Worker>(*inbox, dispatcher);
  worker->stop();
  worker = std::make_unique<pw::Worker>(*inbox, dispatcher, recording(handled));
  for (int n = 1; n <= 3; ++n) {
    store(*inbox, push('1', std::to_string(n)));
    BOOST_TEST_REQUIRE(handled.wait_for(static_cast<std::size_t>(n)).size() == static_cast<std::size_t>(n));
  }
}

BOOST_AUTO_TEST_CASE(throwing_handler_is_tried_again_and_then_dead_with_its_error) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, push('1', "poison"));
  store(*inbox, push('1', "behind it"));
  Record calls, handled;
  pw::Dispatcher dispatcher{no_fallback()};
  dispatcher.on<pw::InvoiceUpdated>([&](const pw::InvoiceUpdated& payload, pw::Delivery& how) {
    calls.add(note_of(payload) + " " + std::to_string(how.tries));
    if (note_of(payload) == "poison") throw std::runtime_error("cannot digest");
  });
  auto options = recording(handled);
  options.tries_max = 3;
  options.threads = 1;  // so that what is reported keeps its order
  pw::Worker worker{*inbox, dispatcher, options};
  CHECK_LINES(handled.wait_for(4), "1 pending 1", "1 pending 2", "1 dead 3", "2 processed 1");
  CHECK_LINES(calls.wait_for(4), "poison 1", "poison 2", "poison 3", "behind it 1");
  BOOST_TEST(inbox->list(2, 1).rows.at(0).error == "cannot digest");
}

BOOST_AUTO_TEST_CASE(handler_may_throw_anything) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, push('1', "x"));
  Record handled;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) { throw 7; }};
  auto options = recording(handled);
  options.tries_max = 1;
  pw::Worker worker{*inbox, dispatcher, options};
  CHECK_LINES(handled.wait_for(1), "1 dead 1");
}

BOOST_AUTO_TEST_CASE(handler_may_throw_an_exception_without_a_text) {
  struct Wordless : std::exception {
    const char* what() const noexcept override { return nullptr; }
  };
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, push('1', "x"));
  Record handled;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) { throw Wordless{}; }};
  auto options = recording(handled);
  options.tries_max = 1;
  pw::Worker worker{*inbox, dispatcher, options};
  CHECK_LINES(handled.wait_for(1), "1 dead 1");
  BOOST_TEST(inbox->find(1).value().error == "an exception without a text was thrown");
}

BOOST_AUTO_TEST_CASE(on_gap_may_throw_anything_and_is_called_again) {
  struct HasGap : PassingInbox {
    using PassingInbox::PassingInbox;
    std::optional<pw::Gap> next_gap() override {
      if (told) return std::nullopt;
      return pw::Gap{1, received_at(), received_at() + milliseconds{1}, pw::GapReason::down, false};
    }
    pw::StoreResult gap_told(std::uint64_t) override {
      told = true;
      return {pw::StoreStatus::stored, 0, {}};
    }
    std::atomic<bool> told{false};
  };
  const auto memory = pw::open_inbox("memory:");
  HasGap inbox{*memory};
  Record calls, troubles;
  const pw::Dispatcher dispatcher{no_fallback()};
  pw::WorkerOptions options;
  options.on_gap = [&calls, first = true](const pw::Gap&) mutable {
    calls.add("called");
    if (std::exchange(first, false)) throw 42;
  };
  options.on_trouble = [&troubles](const std::string& what) { troubles.add(what); };
  pw::Worker worker{inbox, dispatcher, options};
  CHECK_LINES(calls.wait_for(2), "called", "called");
  CHECK_LINES(troubles.wait_for(1),
              "a gap could not be told and will be told again: something that is no std::exception was thrown");
}

BOOST_AUTO_TEST_CASE(failing_entity_holds_back_itself_only, *label("D8")) {
  const auto inbox = pw::open_inbox("memory:");
  for (const char* note : {"a1", "a2"}) store(*inbox, push('a', note));
  for (const char* note : {"b1", "b2"}) store(*inbox, push('b', note));
  Record calls, handled;
  std::latch b_done{2};
  pw::Dispatcher dispatcher{no_fallback()};
  dispatcher.on<pw::InvoiceUpdated>([&](const pw::InvoiceUpdated& payload, pw::Delivery& how) {
    const std::string note = note_of(payload);
    if (note[0] == 'b') return b_done.count_down();
    if (note == "a1") b_done.wait();  // both of b are through while a1 is still at it
    calls.add(note);
    if (note == "a1" && how.tries < 3) throw std::runtime_error("not yet");
  });
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  handled.wait_for(6);
  CHECK_LINES(calls.wait_for(4), "a1", "a1", "a1", "a2");
}

BOOST_AUTO_TEST_CASE(one_entity_is_never_handled_twice_at_once, *label("D8")) {
  const auto inbox = pw::open_inbox("memory:");
  std::atomic<int> running{0}, most{0};
  Record handled, order;
  pw::Dispatcher dispatcher{no_fallback()};
  dispatcher.on<pw::InvoiceUpdated>([&](const pw::InvoiceUpdated& payload, pw::Delivery&) {
    most = std::max(most.load(), ++running);
    order.add(note_of(payload));
    --running;
  });
  auto options = recording(handled);
  options.threads = 8;
  pw::Worker worker{*inbox, dispatcher, options};
  Lines expected;
  for (int n = 0; n < 200; ++n) {
    expected.push_back(std::to_string(n));
    inbox->store(push('1', expected.back()), [](const pw::StoreResult&) {});
  }
  handled.wait_for(200);
  BOOST_TEST(most == 1);
  BOOST_TEST(order.wait_for(200) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_webhook_event_that_comes_again_is_handed_over_as_seen_before, *label("E10")) {
  const auto inbox = pw::open_inbox("memory:");
  Record calls, handled;
  pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery& how, pw::Known known) {
    calls.add(std::string{known == pw::Known::no ? "unknown" : "known"} + (how.seen_before ? " again" : ""));
  }};
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  for (const std::size_t count : {1u, 2u}) {
    store(*inbox, arrival(R"({"event":"weather.changed","data":7})"));
    handled.wait_for(count);
  }
  CHECK_LINES(calls.wait_for(2), "unknown", "unknown again");
}

BOOST_AUTO_TEST_CASE(what_waits_at_the_opening_is_handed_over, *label("R3")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  store(*pw::open_inbox(url), push('1', "left behind"));
  const auto inbox = pw::open_inbox(url);
  Record handled;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  CHECK_LINES(handled.wait_for(1), "1 processed 1");
}

BOOST_AUTO_TEST_CASE(stop_lets_the_running_handler_finish_and_starts_no_other) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, push('1', "runs"));
  store(*inbox, push('1', "waits"));
  std::latch reached{1};
  Record handled;
  pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    std::latch asked{1};
    const std::stop_callback on_stop{how.stop_token, [&asked] { asked.count_down(); }};
    reached.count_down();
    asked.wait();
  }};
  pw::Worker worker{*inbox, dispatcher, recording(handled)};
  reached.wait();
  worker.stop();
  worker.stop();
  CHECK_LINES(handled.wait_for(1), "1 processed 1");
  BOOST_TEST(inbox->counts().pending == 1u);
}

BOOST_AUTO_TEST_CASE(result_that_cannot_be_written_down_is_written_later_without_a_second_call) {
  struct FailsOnce : PassingInbox {
    using PassingInbox::PassingInbox;
    pw::StoreResult finish(std::uint64_t seq, const pw::HandOver& result) override {
      if (!failed.exchange(true)) return {pw::StoreStatus::failed, 0, "disk full"};
      return PassingInbox::finish(seq, result);
    }
    std::atomic<bool> failed{false};
  };
  const auto memory = pw::open_inbox("memory:");
  FailsOnce inbox{*memory};
  store(inbox, push('1', "x"));
  Record calls, handled, troubles;
  pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery&, pw::Known) { calls.add("call"); }};
  auto options = recording(handled);
  options.on_trouble = [&troubles](const std::string& what) { troubles.add(what); };
  pw::Worker worker{inbox, dispatcher, options};
  CHECK_LINES(handled.wait_for(1), "1 processed 1");
  CHECK_LINES(calls.wait_for(1), "call");
  CHECK_LINES(troubles.wait_for(1), "arrival 1 was handled, but this cannot be written down: disk full");
}

BOOST_AUTO_TEST_CASE(inbox_that_cannot_be_read_for_a_while_is_told_about_once_and_read_again) {
  struct FailsTwice : PassingInbox {
    using PassingInbox::PassingInbox;
    std::optional<pw::PendingArrival> take(pw::InboxTime now) override {
      if (++takes <= 2) throw pw::InboxError("disk I/O error");
      return PassingInbox::take(now);
    }
    std::atomic<int> takes{0};
  };
  const auto memory = pw::open_inbox("memory:");
  FailsTwice inbox{*memory};
  store(inbox, push('1', "x"));
  Record handled, troubles;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  auto options = recording(handled);
  options.threads = 1;
  options.on_trouble = [&troubles](const std::string& what) { troubles.add(what); };
  pw::Worker worker{inbox, dispatcher, options};
  CHECK_LINES(handled.wait_for(1), "1 processed 1");
  CHECK_LINES(troubles.wait_for(1), "disk I/O error");
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
  const auto inbox = pw::open_inbox("memory:");
  const pw::Dispatcher dispatcher{no_fallback()};
  pw::WorkerOptions no_threads, no_tries, reversed;
  no_threads.threads = 0;
  no_tries.tries_max = 0;
  reversed.backoff_min = milliseconds{2};
  reversed.backoff_max = milliseconds{1};
  for (const auto& options : {no_threads, no_tries, reversed})
    BOOST_CHECK_THROW((pw::Worker{*inbox, dispatcher, options}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(backoff_doubles_up_to_its_limit_and_is_spread_over_the_upper_half) {
  struct Row {
    unsigned tries;
    double spread;
    int delay_ms;
  };
  const Row rows[] = {{1, 0.0, 500},   {1, 0.5, 750},   {2, 0.0, 1'000},          {3, 0.0, 2'000},
                      {4, 0.0, 2'500}, {5, 0.0, 2'500}, {1'000'000, 0.998, 4'995}};
  for (const Row& row : rows)
    BOOST_TEST(pw::backoff_delay(row.tries, milliseconds{1'000}, milliseconds{5'000}, row.spread).count() ==
               row.delay_ms);
  BOOST_TEST(pw::backoff_delay(9, milliseconds{0}, milliseconds{0}, 0.5).count() == 0);
  BOOST_TEST(pw::backoff_delay(1, milliseconds::max(), milliseconds::max(), std::nextafter(1.0, 0.0)).count() > 0);
}

BOOST_AUTO_TEST_SUITE_END()
