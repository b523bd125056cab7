// What an operator asks of a damaged file, and its retention: rows that cannot be read are left and told of.
#include <prospero/webhooks/receive/inbox.hpp>

#include <fstream>
#include <iterator>
#include <thread>

#include "damage_fixture.hpp"
#include "inbox_upkeep.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(damage_and_changes)

BOOST_AUTO_TEST_CASE(retry_of_all_dead_rows_leaves_those_that_are_damaged) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABC", InboxState::dead, "B");
  const auto changed = inbox->retry({pw::RowSelection::Kind::dead, {}});
  BOOST_TEST(changed.rows == 2u);
  BOOST_TEST(changed.unreadable == 1u);
  BOOST_TEST(to_text(inbox->find(2).value().state) == "dead");
  BOOST_TEST(inbox->take(soon()).value().body == large_body('A'));
}

BOOST_AUTO_TEST_CASE(change_of_a_damaged_row_is_refused_by_its_name) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABC", InboxState::dead, "B");
  check_names(refusal([&] { inbox->retry(rows({1, 2})); }), {"payload of inbox row 2", "damaged", "a copy"});
  check_names(refusal([&] { inbox->replay(rows({2})); }), {"payload of inbox row 2", "damaged"});
  BOOST_TEST(inbox->counts().dead == 3u);
  BOOST_TEST(inbox->retry(rows({1, 3})).rows == 2u);
}

BOOST_AUTO_TEST_CASE(purge_passes_over_damaged_rows_and_says_how_many_each_time) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABCD", InboxState::processed, "AC");
  for (const std::uint64_t expected : {2u, 0u}) {
    const auto changed = inbox->purge(soon(), {});
    BOOST_TEST(changed.rows == expected);
    BOOST_TEST(changed.unreadable == 2u);
  }
  BOOST_TEST(inbox->find(1).has_value());
  BOOST_TEST(inbox->find(3).has_value());
}

BOOST_AUTO_TEST_CASE(purge_goes_on_past_damage_that_is_met_at_the_removal) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  constexpr int pushes = 60;
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < pushes; ++n) store(*inbox, malformed(std::to_string(n) + std::string(1'000, 'x')));
  }
  damage_leaves(file, "30xxx");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  const auto changed = inbox->purge(soon(), {});
  BOOST_TEST(changed.rows > std::uint64_t{pushes / 2});
  BOOST_TEST(changed.rows + changed.unreadable == std::uint64_t{pushes});
  BOOST_TEST(store(*inbox, arrival("more", "more")).durable());
}

BOOST_AUTO_TEST_CASE(purge_ends_where_table_and_index_differ) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("one", "a"));
    settle_next(*inbox, InboxState::processed);
  }
  std::string bytes;
  {
    std::ifstream in(file, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::size_t changed = 0;
  for (std::size_t page = 0; page < bytes.size(); page += 4'096) {
    if (bytes[page] != 0x0d) continue;  // a leaf of a table
    const std::size_t at = bytes.substr(page, 4'096).find("invoice.updatedinvoice/a");
    const std::size_t state = at == std::string::npos ? at : bytes.find("processed", page + at);
    if (state == std::string::npos) continue;
    bytes[state] = 'q';
    ++changed;
  }
  BOOST_REQUIRE(changed == 1u);
  std::ofstream{file, std::ios::binary} << bytes;
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(inbox->purge(soon(), {}).rows == 0u);
}

BOOST_AUTO_TEST_CASE(rows_beyond_the_retention_go_by_themselves_past_more_damaged_ones_than_a_step_takes) {
  constexpr int damaged = 250;
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto old_one = [](const std::string& body) {
    pw::Arrival old = malformed(body);
    old.received_at -= std::chrono::hours{24 * 8};
    return old;
  };
  {
    pw::InboxOptions at_rest;
    at_rest.serving = false;
    const auto inbox = pw::open_inbox("sqlite:" + file, at_rest);
    for (int n = 0; n < damaged; ++n)
      inbox->store(old_one(std::to_string(n) + large_body('A')), [](const pw::StoreResult&) {});
    store(*inbox, old_one("whole"));
  }
  damage_bodies(file, 'A');
  Alarms alarms;
  const auto inbox = pw::open_inbox("sqlite:" + file, alarms.options());
  while (inbox->counts().quarantined > std::uint64_t{damaged}) std::this_thread::yield();
  BOOST_TEST(!inbox->find(damaged + 1));
  BOOST_TEST(inbox->find(1).has_value());
  while (alarms.told().empty()) std::this_thread::yield();
  check_names(alarms.told()[0], {"cannot remove row 1 and 249 more", "damaged", "a copy"});
}

BOOST_AUTO_TEST_CASE(erasing_an_entity_whose_waiting_payload_is_damaged_lets_its_later_pushes_go_on, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("waits", id));
    store(*inbox, arrival(large_body('A'), id));
  }
  damage_bodies(file, 'A');
  const auto inbox = pw::open_inbox("sqlite:" + file);
  check_names(refusal([&] { inbox->erase("invoice", id); }), {"erased", "row 2", "cannot be removed"});
  BOOST_TEST(inbox->counts().dead == 2u);
  store(*inbox, arrival("later", id));
  BOOST_TEST(inbox->take(soon()).value().body == "later");
}

BOOST_AUTO_TEST_CASE(erasing_tells_of_a_damaged_payload_that_was_kept_anew) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "A", InboxState::processed, "A");
  store(*inbox, arrival(large_body('A'), id));
  check_names(refusal([&] { inbox->erase("invoice", id); }), {"erased", "row 1", "cannot be removed"});
  BOOST_TEST(!inbox->body(pw::identity_of(large_body('A'))));
}

BOOST_AUTO_TEST_CASE(purge_of_a_payload_that_was_kept_anew_leaves_the_new_one) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto identity = pw::identity_of(large_body('A'));
  const auto inbox = open_damaged(file, "A", InboxState::processed, "");
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("UPDATE body SET bytes = 'other'");
  store(*inbox, arrival(large_body('A'), id));
  BOOST_TEST(inbox->purge(soon(), {}).rows == 1u);
  BOOST_TEST(inbox->body(identity).value().bytes == large_body('A'));
  BOOST_TEST((store(*inbox, arrival(large_body('A'), id)).status == pw::StoreStatus::absorbed));
}

BOOST_AUTO_TEST_CASE(erasing_removes_a_payload_that_is_not_what_came) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival(large_body('A'), id));
  }
  damage(file, pages_of(file, 'A').front(), "Z", 100);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(inbox->erase("invoice", id).bodies == 1u);
  BOOST_TEST(!inbox->body(pw::identity_of(large_body('A'))));
}

BOOST_AUTO_TEST_CASE(erasing_removes_what_can_be_read_and_tells_that_the_rest_is_there) {
  for (const std::string letters : {"AB", "B"}) {
    const TempFolder folder;
    const auto inbox = open_damaged(folder.file("inbox.db"), letters, InboxState::processed, "B");
    check_names(refusal([&] { inbox->erase("invoice", id); }),
                {"can be read", "erased", "row " + std::to_string(letters.size()), "damaged", "a copy"});
    BOOST_TEST(!inbox->body(pw::identity_of(large_body('A'))));
  }
}

BOOST_AUTO_TEST_CASE(row_that_is_retried_between_the_look_for_old_ones_and_their_removal_stays, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("first", "a"));
    store(*inbox, arrival("second", "b"));
    settle_next(*inbox, InboxState::dead);
    settle_next(*inbox, InboxState::dead);
  }
  pw::SqliteConnection connection{file, pw::SqliteMode::read_write};
  pw::InboxMemory memory{connection};
  pw::InboxUpkeep upkeep{connection, memory};
  pw::InboxUpkeep::Purge purge{soon(), soon(), InboxState::dead};
  const auto old = upkeep.old_rows(purge);
  BOOST_TEST(purge.ended());
  BOOST_TEST(old.rows.size() == 2u);
  pw::InboxTransaction transaction{connection, memory};
  upkeep.retry(1);
  BOOST_TEST(upkeep.remove(old) == 1u);
  transaction.commit();
  BOOST_TEST(connection.integer("SELECT seq FROM arrival") == 1);
  BOOST_TEST(connection.integer("SELECT count(*) FROM body") == 1);
}

BOOST_AUTO_TEST_CASE(row_with_a_damaged_identity_stands_in_no_others_way) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < 5; ++n) store(*inbox, arrival(std::to_string(n), n < 2 ? std::optional{id} : std::nullopt));
    for (int n = 0; n < 5; ++n) settle_next(*inbox, InboxState::processed);
  }
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute("UPDATE arrival SET identity = x'00' WHERE seq > 3");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  const auto erased = inbox->erase("invoice", id);
  BOOST_TEST(erased.bodies == 2u);
  BOOST_TEST(erased.unsearched == 2u);
  const auto purged = inbox->purge(soon(), {});
  BOOST_TEST(purged.rows == 3u);
  BOOST_TEST(purged.unreadable == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
