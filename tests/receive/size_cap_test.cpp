// The size cap: what counts for it, and when it ends.
#include <prospero/webhooks/receive/inbox.hpp>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "sqlite.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

constexpr std::uint64_t cap = 1u << 20;

pw::InboxOptions capped() {
  pw::InboxOptions options;
  options.size_bytes_max = cap;
  return options;
}

std::string numbered(int n, std::size_t size) {
  std::string body = "{" + std::to_string(n);
  body.resize(std::max(size, body.size()), 'x');
  return body;
}

/// Stores `count` at once; how many of them were stored.
int store_all(pw::Inbox& inbox, int count, const std::function<pw::Arrival(int)>& one) {
  std::atomic<int> stored{0}, answered{0};
  for (int n = 0; n < count; ++n)
    inbox.store(one(n), [&](const pw::StoreResult& result) {
      stored += result.durable() ? 1 : 0;
      ++answered;
    });
  while (answered < count) std::this_thread::yield();
  return stored;
}

/// The cap is reached with this used of the file.
std::uint64_t fill(pw::Inbox& inbox) {
  for (int n = 0;; ++n)
    if (!store(inbox, arrival("push " + numbered(n, 20'000))).durable()) return inbox.counts().bytes_used;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(size_cap)

BOOST_AUTO_TEST_CASE(what_is_kept_aside_never_reaches_it, *label("D1")) {
  for (const std::size_t size : {1u, 300u, 1'350u, 2'010u, 2'100u, 3'300u, 4'200u, 6'500u, 50'000u}) {
    BOOST_TEST_CONTEXT("bodies of " << size << " bytes") {
      std::vector<std::string> alarms;
      pw::InboxOptions options = capped();
      options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
      const auto inbox = pw::open_inbox("memory:", options);
      const std::uint64_t empty = inbox->counts().bytes_used;
      const int count = static_cast<int>(2 * cap / (size + 250));
      BOOST_TEST(store_all(*inbox, count, [&](int n) { return malformed(numbered(n, size)); }) == count);
      BOOST_TEST(inbox->counts().bytes_used > cap + cap / 4);
      BOOST_TEST(inbox->counts().bytes_without_aside <= empty);
      BOOST_TEST(inbox->probe(std::chrono::seconds{30}).durable());
      BOOST_TEST(store(*inbox, arrival("push")).durable());
      BOOST_TEST(alarms.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(beginnings_that_are_kept_never_reach_it, *label("D1")) {
  pw::InboxOptions options = capped();
  options.quarantine_bytes_max = 10'000;
  const auto inbox = pw::open_inbox("memory:", options);
  BOOST_TEST(store_all(*inbox, 2'500, [](int n) { return malformed(numbered(n, 9'000)); }) == 2'500);
  BOOST_TEST(inbox->counts().bytes_used > 10 * cap);
  BOOST_TEST(store(*inbox, arrival("push")).durable());
}

BOOST_AUTO_TEST_CASE(copies_that_are_kept_aside_never_reach_it, *label("R1")) {
  const auto inbox = pw::open_inbox("memory:", capped());
  BOOST_TEST(store_all(*inbox, 9'000, [](int) { return malformed("{"); }) == 9'000);
  BOOST_TEST(inbox->counts().bytes_used > cap);
  BOOST_TEST(store(*inbox, arrival("push")).durable());
}

BOOST_AUTO_TEST_CASE(what_is_no_push_is_kept_aside_at_the_cap_too, *label("D1")) {
  const auto inbox = pw::open_inbox("memory:", capped());
  fill(*inbox);
  BOOST_TEST(store(*inbox, malformed("{")).durable());
  BOOST_TEST((store(*inbox, arrival("push")).status == pw::StoreStatus::full));
  BOOST_TEST((inbox->probe(std::chrono::seconds{30}).status == pw::StoreStatus::full));
}

BOOST_AUTO_TEST_CASE(what_was_kept_aside_before_the_start_does_not_count) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  store_all(*pw::open_inbox(url), 8'000, [](int n) { return malformed(numbered(n, 1)); });
  const auto inbox = pw::open_inbox(url, capped());
  BOOST_TEST(inbox->counts().bytes_used > cap);
  BOOST_TEST(store(*inbox, arrival("push")).durable());
}

BOOST_AUTO_TEST_CASE(it_holds_for_pushes_after_what_was_kept_aside_has_gone) {
  const auto inbox = pw::open_inbox("memory:", capped());
  const auto about = [](int n) { return push_body(numbered(n, 1)); };
  store_all(*inbox, 6'000, [&](int n) { return malformed(about(n)); });
  BOOST_TEST(inbox->purge(soon(), InboxState::quarantined).rows == 6'000u);
  BOOST_TEST(fill(*inbox) < cap + 50'000);
}

BOOST_AUTO_TEST_CASE(view_tells_of_the_same_size_as_the_consumer) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = pw::open_inbox(url);
  BOOST_TEST(store(*inbox, malformed("no push")).durable());
  const pw::InboxCounts own = inbox->counts(), seen = pw::open_inbox_view(url)->counts();
  BOOST_TEST(own.bytes_without_aside > 0u);
  BOOST_TEST(own.bytes_without_aside < own.bytes_used);
  BOOST_TEST(seen.bytes_without_aside == own.bytes_without_aside);
}

BOOST_AUTO_TEST_CASE(rows_that_are_replayed_count_as_the_pushes_that_they_are) {
  const auto inbox = pw::open_inbox("memory:", capped());
  store_all(*inbox, 5'000, [](int n) { return malformed(push_body(numbered(n, 1))); });
  BOOST_TEST(store(*inbox, arrival("a push")).durable());
  BOOST_TEST(inbox->replay({pw::RowSelection::Kind::quarantined, {}}).rows == 5'000u);
  BOOST_TEST(inbox->counts().bytes_without_aside == inbox->counts().bytes_used);
  BOOST_TEST((store(*inbox, arrival("another")).status == pw::StoreStatus::full));
}

BOOST_AUTO_TEST_CASE(erased_payloads_that_were_kept_aside_leave_rows_that_do_not_count) {
  const auto inbox = pw::open_inbox("memory:", capped());
  store_all(*inbox, 5'000, [](int n) { return malformed("about " + id + numbered(n, 1)); });
  BOOST_TEST(inbox->erase("invoice", id).bodies == 5'000u);
  BOOST_TEST(inbox->counts().bytes_used > cap);
  BOOST_TEST(store(*inbox, arrival("push")).durable());
}

// Nothing is committed at the cap, so the retention has to see for itself that there is room.
BOOST_AUTO_TEST_CASE(it_ends_when_the_retention_has_made_room) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file, capped());
    fill(*inbox);
    while (const auto taken = inbox->take(soon())) inbox->finish(taken->row.seq, handed(InboxState::processed));
  }
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("UPDATE arrival SET received_at = 1, finished_at = 1");
  const auto inbox = pw::open_inbox("sqlite:" + file, capped());
  while (inbox->counts().processed > 0) std::this_thread::yield();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!inbox->probe(std::chrono::seconds{30}).durable() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  BOOST_TEST(store(*inbox, arrival("push")).durable());
}

BOOST_AUTO_TEST_SUITE_END()
