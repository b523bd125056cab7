// Handlers that outlive their time limit.
#include <prospero/webhooks/receive/worker.hpp>

#include <atomic>
#include <latch>
#include <semaphore>

#include "fixture.hpp"
#include "record.hpp"

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

BOOST_AUTO_TEST_SUITE_END()
