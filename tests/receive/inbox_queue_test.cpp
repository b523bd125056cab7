#include <algorithm>
#include <atomic>
#include <latch>
#include <prospero/webhooks/receive/inbox.hpp>
#include <utility>
#include <vector>

#include "fixture.hpp"
#include "support/forgetful_disk.hpp"
#include "support/held_syncs.hpp"

using namespace receive_test;
using boost::unit_test::label;
using pw::StoreStatus;

namespace {

// Holds the inbox's writer within a callback, so that what is stored meanwhile has to wait.
class HeldWriter {
 public:
  explicit HeldWriter(pw::Inbox& inbox) {
    inbox.store(arrival("holds the writer"), [this](const pw::StoreResult&) {
      reached_.count_down();
      let_go_.wait();
    });
    reached_.wait();
  }
  ~HeldWriter() { release(); }
  HeldWriter(const HeldWriter&) = delete;
  HeldWriter& operator=(const HeldWriter&) = delete;

  void release() {
    if (!std::exchange(released_, true)) let_go_.count_down();
  }

 private:
  std::latch reached_{1}, let_go_{1};
  bool released_ = false;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox_queue)

BOOST_AUTO_TEST_CASE(stores_that_wait_together_share_one_transaction, *label("D9")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    constexpr int count = 100;
    std::latch all{count};
    std::atomic<int> durable{0};
    {
      HeldWriter held{inbox};
      for (int i = 0; i < count; ++i) {
        inbox.store(arrival(std::to_string(i)), [&](const pw::StoreResult& result) {
          durable += result.durable();
          all.count_down();
        });
      }
      held.release();
      all.wait();
    }
    BOOST_TEST(durable == count);
    BOOST_TEST(inbox.counts().commits == 2u);
  });
}

BOOST_AUTO_TEST_CASE(too_many_waiting_arrivals_are_refused_at_once) {
  pw::InboxOptions options;
  options.queue_count_max = 1;
  const auto inbox = pw::open_inbox("memory:", options);
  HeldWriter held{*inbox};
  std::latch first{1};
  inbox->store(arrival("fits"), [&first](const pw::StoreResult&) { first.count_down(); });
  const auto refused = store(*inbox, arrival("one too many"));
  BOOST_TEST((refused.status == StoreStatus::full));
  BOOST_TEST(!refused.durable());
  held.release();
  first.wait();
  BOOST_TEST(store(*inbox, arrival("fits again")).durable());
}

BOOST_AUTO_TEST_CASE(too_many_waiting_bytes_are_refused_at_once) {
  pw::InboxOptions options;
  options.queue_bytes_max = 10;
  const auto inbox = pw::open_inbox("memory:", options);
  BOOST_TEST(store(*inbox, arrival("alone it may be larger than that")).durable());
  HeldWriter held{*inbox};
  std::latch first{1};
  inbox->store(arrival("6bytes"), [&first](const pw::StoreResult&) { first.count_down(); });
  BOOST_TEST((store(*inbox, arrival("5byte")).status == StoreStatus::full));
  held.release();
  first.wait();
}

BOOST_AUTO_TEST_CASE(callback_may_store) {
  on_both_inboxes([](pw::Inbox& inbox) {
    std::promise<pw::StoreResult> second;
    inbox.store(arrival("1"), [&](const pw::StoreResult&) {
      inbox.store(arrival("2"), [&](const pw::StoreResult& result) { second.set_value(result); });
    });
    BOOST_TEST(second.get_future().get().durable());
  });
}

BOOST_AUTO_TEST_CASE(probe_may_be_given_any_time) {
  on_both_inboxes([](pw::Inbox& inbox) { BOOST_TEST(inbox.probe(std::chrono::milliseconds::max()).durable()); });
}

BOOST_AUTO_TEST_CASE(wake_follows_what_makes_an_arrival_ready) {
  on_both_inboxes([](pw::Inbox& inbox) {
    std::atomic<int> woken{0};
    inbox.on_ready([&woken] {
      ++woken;
      woken.notify_all();
    });
    const auto seq = store(inbox, arrival("1")).seq;
    woken.wait(0);
    BOOST_REQUIRE(inbox.take(at(0)));
    inbox.release(seq);
    BOOST_TEST(woken == 2);
    inbox.on_ready(nullptr);
  });
}

BOOST_AUTO_TEST_CASE(looking_does_not_wait_for_a_disk_that_hangs) {
  const TempFolder folder;
  test_support::HeldSyncs disk{"held"};
  const test_support::DefaultLayer all_on_it{"held"};
  const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"));
  store(*inbox, arrival("1"));
  disk.hold();
  std::promise<void> stored;
  inbox->store(arrival("2"), [&stored](const pw::StoreResult&) { stored.set_value(); });
  disk.wait_for_one();
  auto looked = std::async(std::launch::async, [&] { return inbox->counts(); });
  const bool in_time = looked.wait_for(std::chrono::seconds{5}) == std::future_status::ready;
  disk.let_go();
  stored.get_future().wait();
  BOOST_TEST(in_time);
  const pw::InboxCounts counts = looked.get();
  BOOST_TEST(counts.commits == 1u);
  BOOST_TEST(counts.waiting_for_disk == 1u);
}

BOOST_AUTO_TEST_CASE(closing_commits_what_was_accepted, *label("R3")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  std::atomic<int> durable{0};
  {
    const auto inbox = pw::open_inbox(url);
    for (int i = 0; i < 500; ++i)
      inbox->store(arrival(std::to_string(i)),
                   [&durable](const pw::StoreResult& result) { durable += result.durable(); });
  }
  BOOST_TEST(durable == 500);
  BOOST_TEST(pw::open_inbox(url)->counts().pending == 500u);
}

BOOST_AUTO_TEST_SUITE_END()
