// A file that is damaged in parts: what can be read of it is used, and the rest stands in nobody's way.
#include <prospero/webhooks/receive/inbox.hpp>

#include <fstream>
#include <mutex>
#include <set>
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

BOOST_AUTO_TEST_CASE(retry_of_all_dead_rows_leaves_those_that_are_damaged) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABC", InboxState::dead, "B");
  BOOST_TEST(inbox->retry({pw::RowSelection::Kind::dead, {}}) == 2u);
  BOOST_TEST(to_text(inbox->find(2).value().state) == "dead");
  BOOST_TEST(inbox->take(soon()).value().body == large_body('A'));
}

BOOST_AUTO_TEST_CASE(change_of_a_damaged_row_is_refused_by_its_name_and_leaves_what_shares_the_transaction) {
  const TempFolder folder;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABC", InboxState::dead, "B");
  check_names(refusal([&] { inbox->retry(rows({1, 2})); }), {"inbox row 2", "damaged payload", "a copy"});
  check_names(refusal([&] { inbox->replay(rows({2})); }), {"inbox row 2", "damaged payload"});
  BOOST_TEST(inbox->counts().dead == 3u);
  BOOST_TEST(inbox->retry(rows({1, 3})) == 2u);
}

BOOST_AUTO_TEST_CASE(purge_passes_over_damaged_rows_and_tells_of_each_once) {
  const TempFolder folder;
  Alarms alarms;
  const auto inbox = open_damaged(folder.file("inbox.db"), "ABCD", InboxState::processed, "AC", alarms.options());
  BOOST_TEST(inbox->purge(soon(), {}) == 2u);
  BOOST_TEST(inbox->purge(soon(), {}) == 0u);
  BOOST_TEST(inbox->find(1).has_value());
  BOOST_TEST(inbox->find(3).has_value());
  BOOST_REQUIRE(alarms.told().size() == 1u);
  check_names(alarms.told()[0], {"cannot remove row 1 and 1 more", "damaged", "a copy"});
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
  const auto old = upkeep.old_rows(soon(), InboxState::dead);
  BOOST_TEST(old.rows.size() == 2u);
  pw::InboxTransaction transaction{connection, memory};
  upkeep.retry(1);
  BOOST_TEST(upkeep.remove(old) == 1u);
  transaction.commit();
  BOOST_TEST(connection.integer("SELECT seq FROM arrival") == 1);
  BOOST_TEST(connection.integer("SELECT count(*) FROM body") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
