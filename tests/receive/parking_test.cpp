// Handlers that outlive their time limit.
#include <prospero/webhooks/receive/worker.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <latch>
#include <semaphore>
#include <thread>

#include "fixture.hpp"
#include "passing_inbox.hpp"
#include "record.hpp"
#include "running_calls.hpp"

using namespace receive_test;
using std::chrono::milliseconds;

namespace {

std::string uuid(char last) {
  return std::string("6f1c2a00-8d3e-11ee-b962-0242ac12000") + last;
}

pw::Arrival push(char entity, const std::string& note) {
  return arrival(R"({"event":"invoice.updated","data":{"id":")" + uuid(entity) + R"(","note":")" + note + R"("}})",
                 uuid(entity));
}

// Handlers of entity '1' hang until they are let go; they do not listen to their stop token.
struct Hanging {
  std::counting_semaphore<64> go{0};
  std::atomic<int> running{0}, most{0};
  Record calls;
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};

  Hanging() {
    dispatcher.on<pw::InvoiceUpdated>([this](const pw::InvoiceUpdated& payload, pw::Delivery& how) {
      const std::string note{payload.data().fields().at("note").as_string()};
      if (to_text(payload.data().id()) != uuid('1')) return calls.add(note);
      most = std::max(most.load(), ++running);
      go.acquire();
      --running;
      calls.add(note + (how.stop_token.stop_requested() ? " asked to stop" : ""));
    });
  }
};

pw::WorkerOptions short_limit(Record& handled, Record& troubles) {
  pw::WorkerOptions options;
  options.threads = 1;
  options.handler_time_max = milliseconds{50};
  options.on_handled = [&handled](const pw::InboxRow& row) {
    handled.add(std::to_string(row.seq) + " " + std::string{to_text(row.state)});
  };
  options.on_trouble = [&troubles](const std::string& what) { troubles.add(what); };
  return options;
}

// The system has no room for the stack of a new one.
class NoThreads {
 public:
  NoThreads() {
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge = before_;
    pthread_attr_setstacksize(&huge, std::size_t{1} << 50);
    BOOST_REQUIRE(pthread_setattr_default_np(&huge) == 0);
  }
  ~NoThreads() { pthread_setattr_default_np(&before_); }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_{};
};

std::ptrdiff_t memory_mappings() {
  std::ifstream maps{"/proc/self/maps"};
  return std::count(std::istreambuf_iterator<char>{maps}, {}, '\n');
}

}  // namespace

BOOST_AUTO_TEST_SUITE(parking)

BOOST_AUTO_TEST_CASE(handler_out_of_time_is_asked_to_stop_replaced_and_its_late_return_counts) {
  const auto inbox = pw::open_inbox("memory:");
  Hanging hanging;
  Record handled, troubles;
  pw::Worker worker{*inbox, hanging.dispatcher, short_limit(handled, troubles)};
  store(*inbox, push('1', "hangs"));
  BOOST_TEST(troubles.wait_for(1).at(0) ==
             "the handler of arrival 1 has run for 50 ms: it is asked to stop, and its entity waits until it returns");
  BOOST_TEST(worker.parked() == 1u);
  BOOST_TEST(worker.ready());
  store(*inbox, push('1', "waits for it"));
  store(*inbox, push('2', "another entity"));
  BOOST_TEST(handled.wait_for(1).at(0) == "3 processed");  // by the thread that stands in
  hanging.go.release(2);
  handled.wait_for(3);
  BOOST_TEST(hanging.most == 1);
  const auto calls = hanging.calls.wait_for(3);
  BOOST_TEST(calls.at(1) == "hangs asked to stop");
  BOOST_TEST(calls.at(2).find("waits for it") == 0u);
  BOOST_TEST(inbox->find(1).value().tries == 1u);
  BOOST_TEST(to_text(inbox->find(1).value().state) == "processed");
  BOOST_TEST(worker.parked() == 0u);
}

BOOST_AUTO_TEST_CASE(stand_in_for_which_there_was_no_thread_comes_when_there_is_one) {
  const auto inbox = pw::open_inbox("memory:");
  Hanging hanging;
  Record handled, troubles;
  pw::Worker worker{*inbox, hanging.dispatcher, short_limit(handled, troubles)};
  {
    const NoThreads meanwhile;
    store(*inbox, push('1', "hangs"));
    BOOST_TEST(troubles.wait_for(2).at(0).find("no thread can stand in") == 0u);
  }
  store(*inbox, push('2', "another entity"));
  const auto first = handled.wait_for(1);
  hanging.go.release(1);
  CHECK_LINES(first, "2 processed");
  handled.wait_for(2);
  BOOST_TEST(troubles.wait_for(2).size() == 2u);  // told once
}

BOOST_AUTO_TEST_CASE(stand_ins_that_ended_leave_nothing_behind) {
  constexpr int at_first = 20, more = 100;
  const auto inbox = pw::open_inbox("memory:");
  const pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    std::latch asked{1};
    const std::stop_callback on_stop{how.stop_token, [&asked] { asked.count_down(); }};
    asked.wait();  // it is out of time then
  }};
  Record handled, troubles;
  auto options = short_limit(handled, troubles);
  options.handler_time_max = milliseconds{1};
  const pw::Worker worker{*inbox, dispatcher, options};
  const auto handle = [&](int from, int to) {
    for (int n = from; n < to; ++n) store(*inbox, push('1', std::to_string(n)));
    BOOST_TEST_REQUIRE(handled.wait_for(static_cast<std::size_t>(to)).size() == static_cast<std::size_t>(to));
  };
  handle(0, at_first);
  const auto before = memory_mappings();
  handle(at_first, at_first + more);
  BOOST_TEST(memory_mappings() - before < more);  // a thread's stack has two
}

BOOST_AUTO_TEST_CASE(worker_is_not_ready_once_too_many_handlers_are_out_of_time) {
  const auto inbox = pw::open_inbox("memory:");
  std::counting_semaphore<64> go{0};
  const pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery&, pw::Known) { go.acquire(); }};
  Record handled, troubles;
  auto options = short_limit(handled, troubles);
  options.parked_max = 1;
  pw::Worker worker{*inbox, dispatcher, options};
  store(*inbox, push('1', "hangs"));
  troubles.wait_for(1);
  BOOST_TEST(worker.ready());
  store(*inbox, push('2', "hangs too"));
  troubles.wait_for(2);
  BOOST_TEST(!worker.ready());
  go.release(2);
  handled.wait_for(2);
  BOOST_TEST(worker.ready());
  go.release(1);
  store(*inbox, push('3', "all is well again"));
  BOOST_TEST(handled.wait_for(3).at(2) == "3 processed");
}

BOOST_AUTO_TEST_CASE(stop_gives_up_on_a_handler_that_does_not_return_when_told_how_long_to_wait) {
  const auto inbox = pw::open_inbox("memory:");
  Hanging hanging;
  Record handled, troubles;
  pw::Worker worker{*inbox, hanging.dispatcher, short_limit(handled, troubles)};
  store(*inbox, push('1', "hangs"));
  troubles.wait_for(1);
  BOOST_TEST(!worker.stop(milliseconds{1}));
  hanging.go.release(1);
  BOOST_TEST(worker.stop(std::chrono::seconds{30}));
  BOOST_TEST(handled.wait_for(1).at(0) == "1 processed");
}

BOOST_AUTO_TEST_CASE(stop_that_is_told_how_long_to_wait_waits_as_long_as_that_for_any_time) {
  const auto inbox = pw::open_inbox("memory:");
  std::latch reached{1};
  const pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    std::latch asked{1};
    const std::stop_callback on_stop{how.stop_token, [&asked] { asked.count_down(); }};
    reached.count_down();
    asked.wait();
  }};
  pw::Worker worker{*inbox, dispatcher};
  store(*inbox, push('1', "x"));
  reached.wait();
  BOOST_TEST(worker.stop(std::chrono::hours{24 * 365 * 300}));
}

BOOST_AUTO_TEST_CASE(stop_gives_up_on_an_on_gap_that_does_not_return_when_told_how_long_to_wait) {
  struct HasGap : PassingInbox {
    using PassingInbox::PassingInbox;
    std::optional<pw::Gap> next_gap() override {
      return pw::Gap{1, received_at(), received_at() + milliseconds{1}, pw::GapReason::down, false};
    }
  };
  const auto memory = pw::open_inbox("memory:");
  HasGap inbox{*memory};
  std::latch reached{1};
  std::binary_semaphore go{0};
  const pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  pw::WorkerOptions options;
  options.on_gap = [&](const pw::Gap&) {
    reached.count_down();
    BOOST_TEST(go.try_acquire_for(std::chrono::seconds{30}));  // else stop() waited for this
  };
  pw::Worker worker{inbox, dispatcher, options};
  reached.wait();
  BOOST_TEST(!worker.stop(milliseconds{1}));
  go.release();
  BOOST_TEST(worker.stop(std::chrono::seconds{30}));
}

BOOST_AUTO_TEST_CASE(limit_without_end_parks_nobody) {
  pw::RunningCalls calls{milliseconds::max()};
  calls.begin(calls.prepare(), 1);
  BOOST_TEST(!calls.park_overdue());
  BOOST_TEST((calls.next_deadline().value() > pw::RunningCalls::Clock::now() + std::chrono::hours{24 * 365}));
}

// As many other handlers as there are threads run at once, beside those that hang.
BOOST_AUTO_TEST_CASE(handlers_that_are_out_of_time_together_have_a_stand_in_each_up_to_the_cap) {
  const auto inbox = pw::open_inbox("memory:");
  std::counting_semaphore<64> go{0};
  std::latch four_hang{4}, three_run{3}, four_run{4};
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  dispatcher.on<pw::InvoiceUpdated>([&](const pw::InvoiceUpdated& payload, const pw::Delivery&) {
    const auto& note = payload.data().fields().at("note").as_string();
    if (note == "hangs") {
      four_hang.arrive_and_wait();
      return go.acquire();
    }
    (note == "beside four" ? three_run : four_run).arrive_and_wait();
  });
  Record handled, troubles;
  auto options = short_limit(handled, troubles);
  options.threads = 4;
  options.parked_max = 3;
  options.handler_time_max = milliseconds{200};
  options.on_trouble = [&](const std::string& what) {
    std::this_thread::sleep_for(milliseconds{300});  // a slow one, so that the others are out of time meanwhile
    troubles.add(what);
  };
  pw::Worker worker{*inbox, dispatcher, options};
  for (const char entity : {'1', '2', '3', '4'}) store(*inbox, push(entity, "hangs"));
  troubles.wait_for(4);
  BOOST_TEST(worker.parked() == 4u);
  for (const char entity : {'5', '6', '7'}) store(*inbox, push(entity, "beside four"));
  BOOST_TEST_REQUIRE(handled.wait_for(3).size() == 3u);
  go.release(3);
  handled.wait_for(6);
  for (const char entity : {'5', '6', '7', '8'}) store(*inbox, push(entity, "beside one"));
  BOOST_TEST(handled.wait_for(10).size() == 10u);
  go.release(1);
}

BOOST_AUTO_TEST_SUITE_END()
