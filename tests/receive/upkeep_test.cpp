// Retention, quota, size cap, and what an operator asks for.
#include <prospero/webhooks/receive/inbox.hpp>

#include <chrono>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "sqlite.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(upkeep)

BOOST_AUTO_TEST_CASE(purge_removes_settled_rows_and_their_bodies_but_keeps_heads_and_what_waits, *label("H1")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const pw::Head head{{pw::identity_of("one"), pw::Change::updated, std::nullopt}, false};
    store(inbox, arrival("one", "a"));
    const auto taken = inbox.take(soon()).value();
    auto result = handed(InboxState::processed);
    result.head = head;
    inbox.finish(taken.row.seq, result);
    store(inbox, malformed("{"));
    store(inbox, arrival("waits", "b"));
    BOOST_TEST(inbox.purge(received_at() - std::chrono::hours{1}, {}).rows == 0u);
    BOOST_TEST(inbox.purge(soon(), {}).rows == 2u);
    const auto counts = inbox.counts();
    BOOST_TEST(counts.pending == 1u);
    BOOST_TEST(counts.quarantined == 0u);
    BOOST_TEST(counts.quarantined_bytes == 0u);
    BOOST_TEST(!inbox.body(pw::identity_of("one")));
    BOOST_TEST(inbox.body(pw::identity_of("waits")).has_value());
    store(inbox, arrival("two", "a"));
    settle_next(inbox, InboxState::processed);
    BOOST_TEST((inbox.take(soon()).value().head == head));
  });
}

BOOST_AUTO_TEST_CASE(body_stays_while_a_row_needs_it) {
  on_both_inboxes([](pw::Inbox& inbox) {
    pw::Arrival old = arrival("same", "a");
    old.received_at -= std::chrono::hours{2};
    store(inbox, old);
    settle_next(inbox, InboxState::processed);
    store(inbox, arrival("same", "a"));
    BOOST_TEST(inbox.purge(soon(), {}).rows == 1u);
    BOOST_TEST(inbox.take(soon()).value().body == "same");
  });
}

BOOST_AUTO_TEST_CASE(rows_beyond_the_retention_are_purged_by_themselves) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url);
    for (int n = 0; n < 450; ++n) {  // more than a step
      pw::Arrival old = malformed("old " + std::to_string(n));
      old.received_at -= std::chrono::hours{24 * 8};
      inbox->store(std::move(old), [](const pw::StoreResult&) {});
    }
    store(*inbox, malformed("young"));
  }
  const auto inbox = pw::open_inbox(url);
  while (inbox->counts().quarantined > 1) std::this_thread::yield();
  BOOST_TEST(inbox->body(pw::identity_of("young")).has_value());
}

BOOST_AUTO_TEST_CASE(purge_without_pushes_does_not_let_the_log_grow) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), url = "sqlite:" + file;
  pw::InboxOptions at_rest;
  at_rest.serving = false;
  {
    const auto inbox = pw::open_inbox(url, at_rest);
    for (int n = 0; n < 3'000; ++n) {  // more pages than a pass waits for
      pw::Arrival old = malformed(std::string(4'000, 'x') + std::to_string(n));
      old.received_at -= std::chrono::hours{24 * 8};
      inbox->store(std::move(old), [](const pw::StoreResult&) {});
    }
  }
  const auto inbox = pw::open_inbox(url);
  const auto before = std::filesystem::last_write_time(file);
  while (inbox->counts().quarantined > 0) std::this_thread::yield();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (std::filesystem::last_write_time(file) == before && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  BOOST_TEST((std::filesystem::last_write_time(file) != before));
}

BOOST_AUTO_TEST_CASE(dead_rows_stay_until_they_are_purged_by_name) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store(inbox, arrival("dead", "a"));
    store(inbox, arrival("fine", "b"));
    settle_next(inbox, InboxState::dead);
    settle_next(inbox, InboxState::processed);
    BOOST_TEST(inbox.purge(soon(), {}).rows == 1u);
    BOOST_TEST(inbox.counts().dead == 1u);
    BOOST_TEST(inbox.purge(soon(), InboxState::quarantined).rows == 0u);
    BOOST_TEST(refusal([&] { inbox.purge(soon(), InboxState::pending); }).find("cannot be purged") !=
               std::string::npos);
    BOOST_TEST(inbox.purge(soon(), InboxState::dead).rows == 1u);
    BOOST_TEST(inbox.counts().dead == 0u);
  });
}

BOOST_AUTO_TEST_CASE(retention_counts_from_when_a_row_was_settled) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url);
    for (const char* name : {"waited long and is dead", "waited long"}) {
      pw::Arrival old = arrival(name, name);
      old.received_at -= std::chrono::hours{24 * 8};
      store(*inbox, old);
    }
    settle_next(*inbox, InboxState::dead);
    settle_next(*inbox, InboxState::processed);
    pw::Arrival old = malformed("old");
    old.received_at -= std::chrono::hours{24 * 8};
    store(*inbox, old);
  }
  const auto inbox = pw::open_inbox(url);
  while (inbox->counts().quarantined > 0) std::this_thread::yield();
  BOOST_TEST(inbox->counts().dead == 1u);
  BOOST_TEST(inbox->counts().processed == 1u);
}

BOOST_AUTO_TEST_CASE(retention_below_the_last_retry_is_refused, *label("R1")) {
  pw::InboxOptions options;
  options.retention = std::chrono::hours{7} + std::chrono::minutes{2};
  BOOST_TEST(pw::open_inbox("memory:", options) != nullptr);
  options.retention -= std::chrono::milliseconds{1};
  BOOST_CHECK_THROW(pw::open_inbox("memory:", options), pw::InboxError);
}

BOOST_AUTO_TEST_CASE(quarantine_beyond_its_quota_keeps_identity_size_and_the_beginning) {
  std::vector<std::string> alarms;
  std::mutex mutex;
  pw::InboxOptions options;
  options.quarantine_bytes_max = 20'000;
  options.on_alarm = [&](const std::string& what) {
    const std::lock_guard hold{mutex};
    alarms.push_back(what);
  };
  const auto inbox = pw::open_inbox("memory:", options);
  const std::string first(18'000, 'a'), second(18'000, 'b');
  BOOST_TEST((store(*inbox, malformed(first)).status == pw::StoreStatus::stored));
  BOOST_TEST((store(*inbox, malformed(second)).status == pw::StoreStatus::stored));
  BOOST_TEST(inbox->body(pw::identity_of(first)).value().whole());
  const auto cut = inbox->body(pw::identity_of(second)).value();
  BOOST_TEST(!cut.whole());
  BOOST_TEST(cut.size == 18'000u);
  BOOST_TEST(cut.bytes == second.substr(0, 4'096));
  BOOST_TEST(inbox->counts().quarantined_bytes == 18'000u + 4'096u);
  BOOST_TEST(refusal([&] { inbox->replay(rows({2})); }).find("only the beginning") != std::string::npos);

  // The same bytes, accepted later as a push (by larger limits), are whole again.
  BOOST_TEST((store(*inbox, arrival(second)).status == pw::StoreStatus::stored));
  BOOST_TEST(inbox->body(pw::identity_of(second)).value().whole());
  const std::lock_guard hold{mutex};
  BOOST_REQUIRE(alarms.size() == 1u);
  BOOST_TEST(alarms[0].find("quarantine of inbox memory:") != std::string::npos);
  BOOST_TEST(alarms[0].find(" KiB of at most ") != std::string::npos, alarms[0]);
}

BOOST_AUTO_TEST_CASE(size_cap_refuses_pushes_until_something_is_purged) {
  pw::InboxOptions options;
  options.size_bytes_max = 1u << 20;
  const auto inbox = pw::open_inbox("memory:", options);
  const auto fill = [&](int n) { return store(*inbox, arrival(std::string(100'000, 'x') + std::to_string(n))); };
  int n = 0;
  while (fill(n).durable()) BOOST_REQUIRE(++n < 100);
  BOOST_TEST((fill(n).status == pw::StoreStatus::full));
  BOOST_TEST(fill(n).error == "the inbox has reached its size cap");
  while (inbox->take(soon()))
    ;
  for (const auto& row : inbox->list(std::nullopt, 10'000).rows) inbox->finish(row.seq, handed(InboxState::processed));
  inbox->purge(soon(), {});
  BOOST_TEST(fill(n).durable());
}

BOOST_AUTO_TEST_CASE(dead_row_that_is_retried_waits_again_with_fresh_tries_and_asks_for_its_done_mark) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store(inbox, arrival(push_body("dead"), id));
    store(inbox, arrival(push_body("fine"), id));
    const auto dead = settle_next(inbox, InboxState::dead);
    BOOST_TEST(refusal([&] { inbox.retry(rows({dead + 1})); }).find("only dead rows") != std::string::npos);
    BOOST_TEST(refusal([&] { inbox.retry(rows({77})); }).find("inbox row 77 is not there") == 0u);
    const auto running = inbox.take(soon()).value().row.seq;
    BOOST_TEST(inbox.retry(rows({dead})).rows == 1u);
    BOOST_TEST(!inbox.take(soon()));  // never beside another push of its entity
    inbox.finish(running, handed(InboxState::processed));
    const auto again = inbox.take(soon()).value();
    BOOST_TEST(again.row.seq == dead);
    BOOST_TEST(again.row.tries == 1u);
    BOOST_TEST(again.tries_spent == 0u);
    BOOST_TEST(again.maybe_started);
  });
}

BOOST_AUTO_TEST_CASE(all_dead_rows_can_be_retried_at_once) {
  const auto inbox = pw::open_inbox("memory:");
  for (int n = 0; n < 450; ++n) inbox->store(arrival("x" + std::to_string(n)), [](const pw::StoreResult&) {});
  inbox->probe(std::chrono::seconds{30});
  for (int n = 0; n < 450; ++n) settle_next(*inbox, InboxState::dead);
  BOOST_TEST(inbox->retry({pw::RowSelection::Kind::dead, {}}).rows == 450u);
  BOOST_TEST(inbox->counts().pending == 450u);
}

BOOST_AUTO_TEST_CASE(replayed_row_comes_again_at_the_end_under_doubt, *label("H2")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store(inbox, arrival(push_body("x"), id));
    const auto taken = inbox.take(soon()).value();
    auto result = handed(InboxState::processed);
    result.head = pw::Head{{taken.row.identity, pw::Change::updated, std::nullopt}, false};
    inbox.finish(taken.row.seq, result);
    BOOST_TEST(inbox.replay(rows({taken.row.seq})).rows == 1u);
    const auto again = inbox.take(soon()).value();
    BOOST_TEST(again.row.seq == taken.row.seq + 1);
    BOOST_TEST(again.head.value().unsure);
    BOOST_TEST(!again.maybe_started);  // its own done-mark, not that of the first time
    BOOST_TEST(again.body == push_body("x"));
  });
}

BOOST_AUTO_TEST_CASE(quarantined_rows_are_replayed_when_they_are_understood_now, *label("E10")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    store(inbox, malformed("{"));
    store(inbox, malformed(push_body("too large for an earlier version")));
    BOOST_TEST(refusal([&] { inbox.replay(rows({1})); }).find("still no push") != std::string::npos);
    BOOST_TEST(inbox.replay({pw::RowSelection::Kind::quarantined, {}}).rows == 1u);
    const auto taken = inbox.take(soon()).value();
    BOOST_TEST(taken.row.event.value() == "invoice.updated");
    BOOST_TEST(taken.row.entity_id.value() == id);
    BOOST_TEST(inbox.counts().quarantined == 1u);
    BOOST_TEST(inbox.counts().quarantined_bytes == 1u);
  });
}

BOOST_AUTO_TEST_CASE(unknown_webhook_events_are_replayed) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, arrival(R"({"event":"weather.changed","data":1})"));
  settle_next(*inbox, InboxState::processed);
  BOOST_TEST(inbox->replay({pw::RowSelection::Kind::unknown, {}}).rows == 1u);
  BOOST_TEST(inbox->take(soon()).value().seen_before);
}

BOOST_AUTO_TEST_CASE(replay_of_all_unknown_webhook_events_hands_each_over_once) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, arrival(R"({"event":"weather.changed","data":1})"));
  settle_next(*inbox, InboxState::processed);
  for (int n = 0; n < 3; ++n) {
    BOOST_TEST(inbox->replay({pw::RowSelection::Kind::unknown, {}}).rows == 1u);
    settle_next(*inbox, InboxState::processed);
    BOOST_TEST(!inbox->take(soon()));
  }
}

BOOST_AUTO_TEST_CASE(named_rows_are_changed_all_or_none_and_each_once) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (const char* note : {"1", "2", "3"}) store(inbox, arrival(push_body(note), id));
    for (int n = 0; n < 3; ++n) settle_next(inbox, n == 0 ? InboxState::dead : InboxState::processed);
    BOOST_TEST(refusal([&] { inbox.replay(rows({3, 2, 99})); }).find("inbox row 99") == 0u);
    BOOST_TEST(refusal([&] { inbox.retry(rows({1, 2})); }).find("inbox row 2") == 0u);
    BOOST_TEST(inbox.counts().pending == 0u);
    BOOST_TEST(inbox.replay(rows({3, 3})).rows == 1u);
    BOOST_TEST(inbox.counts().pending == 1u);
  });
}

BOOST_AUTO_TEST_CASE(changes_that_are_asked_for_at_once_all_come_to_their_end) {
  constexpr int rounds = 500;
  const std::shared_ptr<pw::Inbox> inbox = pw::open_inbox("memory:");
  std::vector<std::future<void>> ends;
  std::vector<std::thread> askers;
  for (int n = 0; n < 4; ++n) {
    std::packaged_task<void()> ask{[inbox, purges = n == 0] {
      for (int round = 0; round < rounds; ++round)
        purges ? inbox->purge({}, {}) : inbox->replay({pw::RowSelection::Kind::unknown, {}});
    }};
    ends.push_back(ask.get_future());
    askers.emplace_back(std::move(ask));
  }
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  bool all_ended = true;
  for (const auto& end : ends) all_ended = end.wait_until(limit) == std::future_status::ready && all_ended;
  BOOST_TEST(all_ended);
  for (std::thread& asker : askers) all_ended ? asker.join() : asker.detach();
}

BOOST_AUTO_TEST_CASE(replay_of_an_entity_whose_time_lies_in_the_future_is_ambiguous, *label("H3") * label("H9")) {
  for (const char* change : {"created", "updated", "deleted"}) {
    const auto inbox = pw::open_inbox("memory:");
    const std::string body = std::string(R"({"event":"invoice.)") + change + R"(","data":{"id":")" + id +
                             R"(","lastUpdatedAt":"2001-01-01T00:00:00Z"}})";
    store(*inbox, arrival(body, id));
    const auto taken = inbox->take(soon()).value();
    auto result = handed(InboxState::processed);
    result.head = pw::Head{{pw::identity_of("of the year 2999"), pw::Change::deleted, pw::Timestamp{32'472'144'000}}};
    inbox->finish(taken.row.seq, result);
    inbox->replay(rows({taken.row.seq}));
    const auto again = inbox->take(soon()).value();
    const pw::PushFacts facts{again.row.identity, pw::change_from_text(change).value(), pw::Timestamp{978'307'200}};
    BOOST_TEST(to_text(pw::judge(again.head, facts).freshness) == "ambiguous", change);
  }
}

BOOST_AUTO_TEST_SUITE_END()
