#include <prospero/webhooks/receive/inbox.hpp>

#include "fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;
using pw::InboxState;
using pw::StoreStatus;

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(stored_arrival_is_taken_with_the_same_bytes, *label("R3")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const std::string body{"{\"event\":\"x\0y\"}", 15};
    pw::Arrival one = arrival(body, "a", "org-1");
    const auto stored = store(inbox, one);
    BOOST_TEST((stored.status == StoreStatus::stored));
    const auto taken = inbox.take(at(5'000));
    BOOST_REQUIRE(taken);
    BOOST_TEST(taken->row.seq == stored.seq);
    BOOST_TEST(taken->body == body);
    BOOST_TEST((taken->row.identity == one.identity));
    BOOST_TEST(taken->row.source == "org-1");
    BOOST_TEST(taken->row.event.value() == "invoice.updated");
    BOOST_TEST(taken->row.family.value() == "invoice");
    BOOST_TEST(taken->row.entity_id.value() == "a");
    BOOST_TEST((taken->row.received_at == one.received_at));
    BOOST_TEST(!taken->seen_before);
    BOOST_TEST(!inbox.take(at(5'000)));
  });
}

BOOST_AUTO_TEST_CASE(same_bytes_are_absorbed_only_by_a_row_that_still_waits_as_the_newest, *label("R5") * label("D8")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto first = store(inbox, arrival("one", "a"));
    const auto again = store(inbox, arrival("one", "a"));
    BOOST_TEST((again.status == StoreStatus::absorbed));
    BOOST_TEST(again.seq == first.seq);
    BOOST_TEST((store(inbox, arrival("two", "a")).status == StoreStatus::stored));
    BOOST_TEST((store(inbox, arrival("one", "a")).status == StoreStatus::stored));
    BOOST_TEST((store(inbox, arrival("one", "a", "other webhook")).status == StoreStatus::stored));

    BOOST_TEST(inbox.counts().pending == 4u);
  });
}

BOOST_AUTO_TEST_CASE(bytes_of_an_unknown_webhook_event_are_a_row_each_time, *label("E10")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (int n = 0; n < 2; ++n) BOOST_TEST((store(inbox, arrival("unknown")).status == StoreStatus::stored));
    BOOST_TEST(!inbox.take(at(5'000)).value().seen_before);
    BOOST_TEST(inbox.take(at(5'000)).value().seen_before);
  });
}

BOOST_AUTO_TEST_CASE(arrival_that_was_started_absorbs_nothing) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto first = store(inbox, arrival("one", "a")).seq;
    BOOST_REQUIRE(inbox.take(at(5'000)));
    BOOST_TEST((store(inbox, arrival("one", "a")).status == StoreStatus::stored));
    inbox.release(first);
    BOOST_TEST(inbox.take(at(5'000)).value().maybe_started);
    pw::HandOver failed = handed(InboxState::pending);
    failed.retry_at = at(6'000);
    inbox.finish(first, failed);
    BOOST_TEST(inbox.take(at(6'000)).value().maybe_started);
    BOOST_TEST(inbox.counts().pending == 2u);
  });
}

BOOST_AUTO_TEST_CASE(arrival_that_an_earlier_process_may_have_started_absorbs_nothing, *label("H2")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  store(*pw::open_inbox(url), arrival("one", "a"));
  const auto inbox = pw::open_inbox(url);
  BOOST_TEST((store(*inbox, arrival("one", "a")).status == StoreStatus::stored));
  BOOST_TEST(inbox->take(at(5'000)).value().maybe_started);
}

BOOST_AUTO_TEST_CASE(arrivals_of_one_entity_come_one_at_a_time_in_order, *label("D8")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto a1 = store(inbox, arrival("a1", "a")).seq;
    const auto a2 = store(inbox, arrival("a2", "a")).seq;
    const auto b1 = store(inbox, arrival("b1", "b")).seq;
    const auto a3 = store(inbox, arrival("a3", "a")).seq;
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == a1);
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == b1);
    BOOST_TEST(!inbox.take(at(5'000)));
    inbox.finish(a1, handed(InboxState::processed));
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == a2);
    BOOST_TEST(!inbox.take(at(5'000)));
    inbox.finish(a2, handed(InboxState::dead));
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == a3);
  });
}

BOOST_AUTO_TEST_CASE(failed_arrival_comes_again_when_due_and_holds_back_its_entity) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const pw::InboxTime due = received_at() + std::chrono::hours{1};
    const pw::InboxTime before = due - std::chrono::milliseconds{1};
    const auto a1 = store(inbox, arrival("a1", "a")).seq;
    store(inbox, arrival("a2", "a"));
    BOOST_TEST(inbox.take(before).value().row.seq == a1);
    pw::HandOver failed = handed(InboxState::pending);
    failed.error = "database away";
    failed.retry_at = due;
    BOOST_TEST(inbox.finish(a1, failed).durable());

    BOOST_TEST(!inbox.take(before));
    BOOST_TEST((inbox.next_retry_at().value() == due));
    const auto taken = inbox.take(due);
    BOOST_REQUIRE(taken);
    BOOST_TEST(taken->row.seq == a1);
    BOOST_TEST(taken->row.tries == 1u);
    BOOST_TEST(taken->row.error == "database away");
    BOOST_TEST(!inbox.next_retry_at());
  });
}

BOOST_AUTO_TEST_CASE(released_arrival_comes_again_as_if_never_taken) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto seq = store(inbox, arrival("a1", "a")).seq;
    BOOST_REQUIRE(inbox.take(at(5'000)));
    inbox.release(seq);
    const auto taken = inbox.take(at(5'000));
    BOOST_REQUIRE(taken);
    BOOST_TEST(taken->row.tries == 0u);
  });
}

BOOST_AUTO_TEST_CASE(head_comes_with_the_next_arrival_of_its_entity_and_outlives_the_process, *label("H1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const pw::Head head{{pw::identity_of("one"), pw::Change::updated, pw::Timestamp{7, 8}}, true};
  const pw::Head timeless{{pw::identity_of("two"), pw::Change::deleted, std::nullopt}, false};
  const auto handle = [&url](const char* body, const std::optional<pw::Head>& after) {
    const auto inbox = pw::open_inbox(url);
    const auto seq = store(*inbox, arrival(body, "a")).seq;
    const auto taken = inbox->take(at(5'000)).value();
    auto result = handed(InboxState::processed);
    result.head = after;
    inbox->finish(seq, result);
    return taken.head;
  };
  BOOST_TEST((handle("one", head) == std::nullopt));
  BOOST_TEST((handle("two", timeless) == head));
  BOOST_TEST((handle("three", std::nullopt) == timeless));
  BOOST_TEST((handle("four", std::nullopt) == timeless));
}

// A worker tells again what could not be told to be durable, though it may be.
BOOST_AUTO_TEST_CASE(result_that_is_told_twice_counts_once, *label("H2")) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (const char* body : {"1", "2", "3"}) store(inbox, arrival(body, "a"));
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == 1u);
    for (int n = 0; n < 2; ++n) BOOST_TEST(inbox.finish(1, handed(InboxState::processed)).durable());
    BOOST_TEST(inbox.find(1).value().tries == 1u);
    BOOST_TEST(inbox.take(at(5'000)).value().row.seq == 2u);
    BOOST_TEST(!inbox.take(at(5'000)));
  });
}

BOOST_AUTO_TEST_CASE(row_tells_what_became_of_its_bytes_while_it_was_given_back) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (int n = 0; n < 2; ++n) store(inbox, arrival("same"));
    for (int n = 0; n < 2; ++n) BOOST_TEST(!inbox.take(at(5'000)).value().handled_before);
    inbox.finish(2, handed(InboxState::processed));
    inbox.release(1);
    BOOST_TEST(inbox.take(at(5'000)).value().handled_before);
  });
}

BOOST_AUTO_TEST_CASE(arrival_tells_whether_its_bytes_came_and_were_handled_before) {
  struct Row {
    const char* body;
    InboxState ends;
    bool called, seen_before, handled_before;
  };
  static const Row rows[] = {
      {"one", InboxState::dead, true, false, false},     {"one", InboxState::processed, false, true, false},
      {"one", InboxState::processed, true, true, false}, {"two", InboxState::processed, true, false, false},
      {"one", InboxState::copy, false, true, true},
  };
  on_both_inboxes([](pw::Inbox& inbox) {
    for (const Row& row : rows) {
      const auto seq = store(inbox, arrival(row.body, "a")).seq;
      BOOST_TEST_CONTEXT("row " << seq) {
        const auto taken = inbox.take(at(5'000));
        BOOST_REQUIRE(taken);
        BOOST_TEST(taken->seen_before == row.seen_before);
        BOOST_TEST(taken->handled_before == row.handled_before);
        auto result = handed(row.ends);
        result.called = row.called;
        inbox.finish(seq, result);
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(quarantined_arrival_is_kept_with_its_reason_and_never_taken) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto first = store(inbox, malformed("{"));
    BOOST_TEST((first.status == StoreStatus::stored));
    BOOST_TEST((store(inbox, malformed("{")).status == StoreStatus::stored));
    BOOST_TEST(!inbox.take(at(5'000)));
    const auto page = inbox.list(std::nullopt, 10);
    BOOST_REQUIRE(page.rows.size() == 2u);
    BOOST_TEST(to_text(page.rows[0].state) == "quarantined");
    BOOST_TEST(page.rows[0].error == "not JSON");
    BOOST_TEST(page.rows[0].copies == 0u);
    BOOST_TEST(!page.rows[0].event);
  });
}

BOOST_AUTO_TEST_CASE(list_gives_pages_newest_first) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (const char* body : {"1", "2", "3", "4", "5"}) store(inbox, arrival(body));
    const auto first = inbox.list(std::nullopt, 2);
    BOOST_REQUIRE(first.rows.size() == 2u);
    BOOST_TEST(first.rows[0].seq == 5u);
    BOOST_REQUIRE(first.next);
    const auto last = inbox.list(first.next, 3);
    BOOST_REQUIRE(last.rows.size() == 3u);
    BOOST_TEST(last.rows[0].seq == 3u);
    BOOST_TEST(!last.next);
  });
}

BOOST_AUTO_TEST_CASE(witness_sums_up_each_settled_identity) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const auto settle_next = [&inbox](InboxState state, bool called) {
      auto result = handed(state);
      result.called = called;
      inbox.finish(inbox.take(at(5'000)).value().row.seq, result);
    };
    store(inbox, malformed("{"));
    store(inbox, arrival("done twice", "a"));
    settle_next(InboxState::processed, true);
    store(inbox, arrival("done twice", "a"));
    settle_next(InboxState::processed, true);
    store(inbox, arrival("done twice", "a"));
    settle_next(InboxState::copy, false);
    store(inbox, arrival("never done", "b"));
    settle_next(InboxState::dead, true);
    store(inbox, arrival("still waits", "c"));

    std::vector<std::string> lines;
    inbox.witness([&lines](const pw::WitnessLine& line) {
      lines.push_back(line.entity_id.value_or("-") + " " + std::string{to_text(line.result)} + " " +
                      std::to_string(line.times));
    });
    const std::vector<std::string> expected{"- quarantined 0", "a processed 2", "b dead 0"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());

    const auto counts = inbox.counts();
    BOOST_TEST(counts.pending == 1u);
    BOOST_TEST(counts.processed == 2u);
    BOOST_TEST(counts.copy == 1u);
    BOOST_TEST(counts.dead == 1u);
    BOOST_TEST(counts.quarantined == 1u);
  });
}

BOOST_AUTO_TEST_CASE(probe_commits) {
  on_both_inboxes([](pw::Inbox& inbox) {
    BOOST_TEST(inbox.probe(std::chrono::seconds{30}).durable());
    BOOST_TEST(inbox.counts().commits == 1u);
  });
}

BOOST_AUTO_TEST_SUITE_END()
