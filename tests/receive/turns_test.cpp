// Whose turn it is: retries that are due, and arrivals that nobody has tried yet.
#include <prospero/webhooks/receive/inbox.hpp>

#include <vector>

#include "upkeep_fixture.hpp"

using namespace receive_test;

namespace {

void store_some(pw::Inbox& inbox, const std::string& kind, int count) {
  for (int n = 0; n < count; ++n) {
    const std::string name = kind + std::to_string(n);
    BOOST_REQUIRE(store(inbox, arrival(name, name)).durable());
  }
}

pw::InboxTime when_due() {
  return soon() + std::chrono::minutes{1};
}

void fail(pw::Inbox& inbox, std::uint64_t seq) {
  pw::HandOver failed = handed(InboxState::pending);
  failed.retry_at = when_due();
  BOOST_REQUIRE(inbox.finish(seq, failed).durable());
}

void fail_all(pw::Inbox& inbox) {
  while (const auto taken = inbox.take(soon())) fail(inbox, taken->row.seq);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(turns)

BOOST_AUTO_TEST_CASE(crowd_that_fails_takes_every_second_turn_at_most) {
  on_both_inboxes([](pw::Inbox& inbox) {
    constexpr int failing = 30, healthy = 10;
    store_some(inbox, "failing", failing);
    fail_all(inbox);
    store_some(inbox, "healthy", healthy);
    std::vector<std::uint64_t> handled;
    for (int turn = 0; turn < 2 * healthy; ++turn) {
      const auto taken = inbox.take(when_due()).value().row;
      if (taken.seq <= failing) {
        fail(inbox, taken.seq);
      } else {
        inbox.finish(taken.seq, handed(InboxState::processed));
        handled.push_back(taken.seq);
      }
    }
    BOOST_REQUIRE(handled.size() == std::size_t{healthy});
    for (int n = 0; n < healthy; ++n) BOOST_TEST(handled[n] == static_cast<std::uint64_t>(failing + n + 1));
  });
}

BOOST_AUTO_TEST_CASE(stream_of_new_arrivals_leaves_every_second_turn_to_retries) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store_some(inbox, "failed", 3);
    fail_all(inbox);
    store_some(inbox, "new", 10);
    std::vector<std::uint64_t> retried;
    for (int turn = 0; turn < 6; ++turn) {
      const auto seq = inbox.take(when_due()).value().row.seq;
      if (seq <= 3) retried.push_back(seq);
    }
    BOOST_TEST(retried == (std::vector<std::uint64_t>{1, 2, 3}), boost::test_tools::per_element());
  });
}

BOOST_AUTO_TEST_CASE(turn_that_one_kind_has_no_use_for_goes_to_the_other) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store_some(inbox, "failed", 2);
    fail_all(inbox);
    BOOST_TEST(inbox.take(when_due()).value().row.seq == 1u);
    BOOST_TEST(inbox.take(when_due()).value().row.seq == 2u);
    store_some(inbox, "new", 2);
    BOOST_TEST(inbox.take(when_due()).value().row.seq == 3u);
    BOOST_TEST(inbox.take(when_due()).value().row.seq == 4u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
