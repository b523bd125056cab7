// A file that is damaged in parts: what can be read of it is used, and the rest stands in nobody's way.
#include <prospero/webhooks/receive/inbox.hpp>

#include <future>
#include <set>

#include "damage_fixture.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(damage_of_parts)

BOOST_AUTO_TEST_CASE(payload_that_cannot_be_read_is_set_aside_and_the_others_go_on) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival(large_body('A'), "a"));
    store(*inbox, arrival("next of its entity", "a"));
    store(*inbox, arrival("of another", "b"));
  }
  damage_bodies(file, 'A');
  std::vector<std::string> alarms;
  pw::InboxOptions options;
  options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
  const auto inbox = pw::open_inbox("sqlite:" + file, options);
  const auto now = received_at() + std::chrono::hours{1};
  BOOST_TEST(inbox->take(now).value().body == "next of its entity");
  BOOST_TEST(inbox->take(now).value().body == "of another");
  BOOST_TEST(!inbox->take(now));
  const auto row = inbox->find(1).value();
  BOOST_TEST(to_text(row.state) == "dead");
  check_names(row.error, {"cannot be read", "inbox retry --all dead"});
  BOOST_REQUIRE(alarms.size() == 1u);
  check_names(alarms[0], {file, "damaged", "row 1"});
}

BOOST_AUTO_TEST_CASE(row_that_is_damaged_is_set_aside_and_the_others_go_on, *label("R3")) {
  for (const bool tried : {false, true}) {
    const TempFolder folder;
    const std::string file = folder.file("inbox.db");
    {
      const auto inbox = pw::open_inbox("sqlite:" + file);
      store(*inbox, arrival("first", "a"));
      if (tried) settle_next(*inbox, InboxState::pending);
      store(*inbox, arrival("next of its entity", "a"));
      store(*inbox, arrival("of another", "b"));
    }
    pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("UPDATE arrival SET identity = x'00' WHERE seq = 1");
    Alarms alarms;
    const auto inbox = pw::open_inbox("sqlite:" + file, alarms.options());
    std::set<std::string> taken;
    for (int n = 0; n < 2; ++n) taken.insert(inbox->take(soon()).value().body);
    BOOST_TEST((taken == std::set<std::string>{"next of its entity", "of another"}));
    BOOST_TEST(!inbox->take(soon()));
    BOOST_TEST(inbox->counts().dead == 1u);
    BOOST_REQUIRE(alarms.told().size() == 1u);
    check_names(alarms.told()[0], {file, "damaged", "row 1"});
    BOOST_TEST(inbox->retry({pw::RowSelection::Kind::dead, {}}).unreadable == 1u);
  }
}

BOOST_AUTO_TEST_CASE(entity_whose_last_push_is_damaged_stands_in_no_others_way) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("handled", "a"));
    auto handled = handed(InboxState::processed);
    handled.head = pw::Head{};
    inbox->finish(inbox->take(soon()).value().row.seq, handled);
    store(*inbox, arrival("next", "a"));
    store(*inbox, arrival("of another", "b"));
  }
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("UPDATE head SET identity = x'00'");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(inbox->take(soon()).value().body == "of another");
  BOOST_TEST(!inbox->take(soon()));
  check_names(refusal([&] { inbox->take(inbox->next_retry_at().value()); }), {file, "damaged"});
  BOOST_TEST(inbox->take(soon() + std::chrono::hours{25}).has_value() == false);
  BOOST_TEST(inbox->counts().dead == 1u);
}

BOOST_AUTO_TEST_CASE(rows_that_cannot_be_found_leave_retries_their_turns) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char* name : {"1", "2"}) store(*inbox, arrival(name, name, std::string(1'900, 'r')));  // a full page
    for (int n = 0; n < 2; ++n) inbox->take(soon());
    for (const std::uint64_t seq : {1, 2}) inbox->finish(seq, handed(InboxState::pending));
    store(*inbox, arrival("3", "3", std::string(1'900, 'n')));
  }
  pw::InboxOptions at_rest;
  at_rest.serving = false;
  const auto inbox = pw::open_inbox("sqlite:" + file, at_rest);
  damage_leaves(file, std::string(1'000, 'n'));
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(
      "INSERT INTO mark VALUES ('other', 0)");  // so it reads again
  std::set<std::uint64_t> taken;
  for (int n = 0; n < 4; ++n) try {
      taken.insert(inbox->take(soon()).value().row.seq);
    } catch (const pw::InboxError&) {
      continue;
    }
  BOOST_TEST((taken == std::set<std::uint64_t>{1, 2}));
}

BOOST_AUTO_TEST_CASE(copy_of_a_payload_that_is_damaged_is_kept_anew, *label("R3")) {
  for (const InboxState state : {InboxState::dead, InboxState::processed}) {
    const TempFolder folder;
    const std::string file = folder.file("inbox.db");
    {
      const auto inbox = open_damaged(file, "A", state, "A");
      BOOST_TEST((store(*inbox, arrival(large_body('A'), id)).status == pw::StoreStatus::stored));
      BOOST_TEST(inbox->take(soon()).value().body == large_body('A'));
    }
    const auto inbox = pw::open_inbox("sqlite:" + file);
    BOOST_TEST(inbox->take(soon()).value().body == large_body('A'));
    BOOST_TEST(inbox->body(pw::identity_of(large_body('A'))).value().bytes == large_body('A'));
  }
}

BOOST_AUTO_TEST_CASE(copy_of_a_pending_payload_that_is_damaged_is_not_absorbed, *label("R3")) {
  for (const char* damage : {"UPDATE body SET bytes = 'other'", "DELETE FROM body"}) {
    const TempFolder folder;
    const std::string file = folder.file("inbox.db");
    pw::InboxOptions at_rest;
    at_rest.serving = false;
    const auto inbox = pw::open_inbox("sqlite:" + file, at_rest);
    store(*inbox, arrival(large_body('A'), id));
    pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(damage);
    BOOST_TEST((store(*inbox, arrival(large_body('A'), id)).status == pw::StoreStatus::stored));
    BOOST_TEST((store(*inbox, arrival(large_body('A'), id)).status == pw::StoreStatus::absorbed));
    BOOST_TEST(inbox->take(soon()).value().body == large_body('A'));
  }
}

BOOST_AUTO_TEST_CASE(copy_of_a_damaged_payload_is_kept_aside_too) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store(*pw::open_inbox("sqlite:" + file), malformed(large_body('A')));
  damage_bodies(file, 'A');
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(store(*inbox, malformed(large_body('A'))).durable());
  BOOST_TEST(inbox->body(pw::identity_of(large_body('A'))).value().bytes == large_body('A'));
}

BOOST_AUTO_TEST_CASE(payload_of_other_bytes_than_came_reaches_no_handler) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival(large_body('A'), id));
    store(*inbox, arrival("of another", "b"));
  }
  damage(file, pages_of(file, 'A').front(), "Z", 100);
  Alarms alarms;
  const auto inbox = pw::open_inbox("sqlite:" + file, alarms.options());
  BOOST_TEST(inbox->take(soon()).value().body == "of another");
  BOOST_TEST(to_text(inbox->find(1).value().state) == "dead");
  BOOST_REQUIRE(alarms.told().size() == 1u);
  check_names(alarms.told()[0], {"damaged", "row 1"});
  const auto changed = inbox->retry({pw::RowSelection::Kind::dead, {}});
  BOOST_TEST(changed.rows == 0u);
  BOOST_TEST(changed.unreadable == 1u);
  check_names(refusal([&] { inbox->body(pw::identity_of(large_body('A'))); }), {"damaged", "other bytes"});
}

BOOST_AUTO_TEST_CASE(inbox_with_a_damaged_leaf_of_bodies_opens_and_uses_the_others, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  constexpr int pushes = 30;
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < pushes; ++n)
      store(*inbox, arrival(std::to_string(n) + std::string(1'000, 'x'), std::to_string(n)));
  }
  damage_leaves(file, "15xxx");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  int given = 0;
  while (inbox->take(soon())) ++given;
  BOOST_TEST(given > pushes / 2);
  BOOST_TEST(given < pushes);
  BOOST_TEST(inbox->counts().dead == static_cast<std::uint64_t>(pushes - given));
  BOOST_TEST(inbox->body(pw::identity_of("29" + std::string(1'000, 'x'))).has_value());
  BOOST_TEST(store(*inbox, arrival("more", "more")).durable());
}

BOOST_AUTO_TEST_CASE(damaged_head_of_one_entity_holds_up_no_other, *label("H1")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("first", "a"));
    auto result = handed(InboxState::processed);
    result.head = pw::Head{{pw::identity_of("first"), pw::Change::updated, std::nullopt}, false};
    inbox->finish(inbox->take(soon()).value().row.seq, result);
    store(*inbox, arrival("second", "a"));
    store(*inbox, arrival("third", "b"));
  }
  damage(file, root_page(file, "head"), std::string(8, '\xff'));
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_CHECK_THROW(inbox->take(soon()), pw::InboxError);  // both heads would be there
  BOOST_TEST(store(*inbox, arrival("fourth")).durable());
  BOOST_TEST(inbox->take(soon()).value().body == "fourth");
  BOOST_CHECK_THROW(inbox->take(soon() + std::chrono::hours{23}), pw::InboxError);
  BOOST_TEST(!inbox->take(soon() + std::chrono::hours{25}));
  BOOST_TEST(inbox->counts().dead == 2u);
}

BOOST_AUTO_TEST_CASE(what_shares_a_transaction_with_damage_is_stored, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("first", "a"));
  }
  damage(file, root_page(file, "head"), std::string(8, '\xff'));
  Alarms alarms;
  const auto inbox = pw::open_inbox("sqlite:" + file, alarms.options());
  std::promise<void> begun, go_on;
  std::promise<bool> stored;
  inbox->store(arrival("holds the writer"), [&](const pw::StoreResult&) {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  auto settled = std::async(std::launch::async, [&] {
    auto result = handed(InboxState::processed);
    result.head = pw::Head{{pw::identity_of("first"), pw::Change::updated, std::nullopt}, false};
    return inbox->finish(1, result).durable();
  });
  inbox->store(arrival("beside it"), [&](const pw::StoreResult& done) { stored.set_value(done.durable()); });
  go_on.set_value();
  BOOST_TEST(!settled.get());
  BOOST_TEST(stored.get_future().get());
  BOOST_REQUIRE(alarms.told().size() == 1u);
  check_names(alarms.told()[0], {file, "in parts", "all else is stored", "a copy"});
}

BOOST_AUTO_TEST_CASE(payload_that_is_kept_anew_is_shown_to_who_looked_before) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "A", InboxState::processed, "A");
  const auto identity = pw::identity_of(large_body('A'));
  BOOST_CHECK_THROW(inbox->body(identity), pw::InboxError);
  BOOST_TEST(store(*inbox, arrival(large_body('A'), id)).durable());
  BOOST_TEST(inbox->body(identity).value().bytes == large_body('A'));
}

BOOST_AUTO_TEST_CASE(bodies_that_lost_their_rows_keep_their_numbers_to_themselves) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < 12; ++n) store(*inbox, malformed(std::to_string(n) + std::string(1'000, 'x')));
  }
  damage_leaves(file, "5xxx");
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("DELETE FROM arrival WHERE body > 10");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  for (int n = 0; n < 3; ++n) BOOST_TEST(store(*inbox, arrival(std::to_string(n))).durable());
}

BOOST_AUTO_TEST_CASE(identity_that_is_damaged_refuses_no_start_and_no_copy, *label("R3")) {
  for (const char* damage : {"INSERT INTO body_number VALUES (x'00', 1)", "UPDATE body SET identity = x'00'"}) {
    const TempFolder folder;
    const std::string file = folder.file("inbox.db");
    store(*pw::open_inbox("sqlite:" + file), arrival("1", id));
    pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(damage);
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char* body : {"1", "2"}) BOOST_TEST(store(*inbox, arrival(body, id)).durable());
    BOOST_TEST(inbox->take(soon()).value().body == "1");
  }
}

BOOST_AUTO_TEST_CASE(damaged_table_of_numbers_refuses_no_push_and_no_start, *label("R3")) {
  // So many, and they are written to their table. Each push beside the damage has a commit to itself, so few of them.
  constexpr int due = 65'536;
  constexpr int beside = 50;
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto fill = [](pw::Inbox& inbox, int from, int to) {
    int failed = 0;
    for (int n = from; n < to; ++n)
      inbox.store(arrival(std::to_string(n)), [&](const pw::StoreResult& done) { failed += done.durable() ? 0 : 1; });
    BOOST_TEST(store(inbox, arrival("last of " + std::to_string(to))).durable());
    BOOST_TEST(failed == 0);
  };
  pw::InboxOptions wide;
  wide.queue_count_max = due;
  fill(*pw::open_inbox("sqlite:" + file, wide), 0, due - beside);
  damage(file, root_page(file, "body_number"), std::string(8, '\xff'));
  Alarms alarms;
  fill(*pw::open_inbox("sqlite:" + file, alarms.options()), due - beside, due + beside);
  fill(*pw::open_inbox("sqlite:" + file, alarms.options()), due + beside, due + 2 * beside);
  BOOST_REQUIRE(!alarms.told().empty());
  check_names(alarms.told()[0], {"in parts"});
}

BOOST_AUTO_TEST_SUITE_END()
