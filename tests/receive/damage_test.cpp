// A file that is damaged in parts: what can be read of it is used, and the rest stands in nobody's way.
#include <prospero/webhooks/receive/inbox.hpp>

#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <thread>
#include <vector>

#include "damage_fixture.hpp"
#include "inbox_schema.hpp"
#include "inbox_upkeep.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

// Alarms come on the inbox's own thread.
class Alarms {
 public:
  pw::InboxOptions options() {
    pw::InboxOptions options;
    options.on_alarm = [this](const std::string& what) {
      const std::lock_guard hold{mutex_};
      told_.push_back(what);
    };
    return options;
  }
  std::vector<std::string> told() {
    const std::lock_guard hold{mutex_};
    return told_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> told_;
};

// Rows 1, 2, ... of this state, one for each letter, all of one entity; those of `damaged` cannot be read afterwards.
std::unique_ptr<pw::Inbox> open_damaged(const std::string& file, const std::string& letters, InboxState state,
                                        const std::string& damaged, pw::InboxOptions options = {}) {
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char letter : letters) {
      store(*inbox, arrival(large_body(letter), id));
      settle_next(*inbox, state);
    }
  }
  for (const char letter : damaged) damage_bodies(file, letter);
  return pw::open_inbox("sqlite:" + file, std::move(options));
}

}  // namespace

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
    if (state != InboxState::dead) continue;
    BOOST_TEST(inbox->finish(2, handed(InboxState::processed)).durable());
    BOOST_TEST(inbox->retry(rows({1})).rows == 1u);
    BOOST_TEST(inbox->take(soon()).value().row.seq == 1u);  // it has the payload too
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
  const auto bytes = inbox->counts().quarantined_bytes;
  BOOST_TEST(store(*inbox, malformed(large_body('A'))).durable());
  BOOST_TEST(inbox->body(pw::identity_of(large_body('A'))).value().bytes == large_body('A'));
  BOOST_TEST(inbox->counts().quarantined_bytes == bytes);
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
  std::promise<void> begun, go_on, stored;
  inbox->store(arrival("holds the writer"), [&](const pw::StoreResult&) {
    begun.set_value();
    go_on.get_future().wait();
  });
  begun.get_future().wait();
  std::thread settle{[&] {
    auto result = handed(InboxState::processed);
    result.head = pw::Head{{pw::identity_of("first"), pw::Change::updated, std::nullopt}, false};
    BOOST_TEST(!inbox->finish(1, result).durable());
  }};
  inbox->store(arrival("beside it"), [&](const pw::StoreResult& done) {
    BOOST_TEST(done.durable());
    stored.set_value();
  });
  go_on.set_value();
  settle.join();
  stored.get_future().wait();
  BOOST_REQUIRE(alarms.told().size() == 1u);
  check_names(alarms.told()[0], {file, "in parts", "all else is stored", "a copy"});
}

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

BOOST_AUTO_TEST_CASE(payload_that_is_kept_anew_is_shown_to_who_looked_before) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "A", InboxState::processed, "A");
  const auto identity = pw::identity_of(large_body('A'));
  BOOST_CHECK_THROW(inbox->body(identity), pw::InboxError);
  BOOST_TEST(store(*inbox, arrival(large_body('A'), id)).durable());
  BOOST_TEST(inbox->body(identity).value().bytes == large_body('A'));
}

BOOST_AUTO_TEST_CASE(copy_of_a_damaged_payload_is_kept_whole_although_the_quota_is_used_up_by_it) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store(*pw::open_inbox("sqlite:" + file), malformed(large_body('A')));
  damage_bodies(file, 'A');
  pw::InboxOptions options;
  options.quarantine_bytes_max = 30'000;
  const auto inbox = pw::open_inbox("sqlite:" + file, options);
  BOOST_TEST(store(*inbox, malformed(large_body('A'))).durable());
  BOOST_TEST(inbox->body(pw::identity_of(large_body('A'))).value().whole());
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

BOOST_AUTO_TEST_CASE(damaged_table_of_numbers_refuses_no_push_and_no_start, *label("R3")) {
  constexpr int due = 65'536;
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
  wide.queue_count_max = 2 * due;
  fill(*pw::open_inbox("sqlite:" + file, wide), 0, due + 1'000);
  damage(file, root_page(file, "body_number"), std::string(8, '\xff'));
  Alarms alarms;
  wide.on_alarm = alarms.options().on_alarm;
  fill(*pw::open_inbox("sqlite:" + file, wide), due + 1'000, 2 * due + 2'000);
  fill(*pw::open_inbox("sqlite:" + file, wide), 2 * due + 2'000, 2 * due + 2'100);
  BOOST_REQUIRE(!alarms.told().empty());
  check_names(alarms.told()[0], {"in parts"});
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
  pw::InboxUpkeep::Purge purge{soon(), InboxState::dead};
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

BOOST_AUTO_TEST_SUITE_END()
