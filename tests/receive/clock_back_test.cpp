// The wall clock was ahead, and was set back.
#include <prospero/webhooks/receive/inbox.hpp>

#include <filesystem>
#include <thread>

#include "sqlite.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using std::chrono::hours;

namespace {

constexpr hours day{24}, year{24 * 365};

void run(const std::string& file, const std::string& sql) {
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(sql.c_str());
}

std::string milliseconds(pw::InboxTime time) {
  return std::to_string(time.time_since_epoch().count());
}

// Without a retention of its own.
std::unique_ptr<pw::Inbox> open_at_rest(const std::string& file) {
  pw::InboxOptions at_rest;
  at_rest.serving = false;
  return pw::open_inbox("sqlite:" + file, at_rest);
}

// Received and settled at this time by a clock that may have been wrong.
void settled_at(const std::string& file, const std::string& body, pw::InboxTime time) {
  const auto inbox = open_at_rest(file);
  pw::Arrival one = arrival(body, body);
  one.received_at = time;
  const auto seq = store(*inbox, one).seq;
  inbox->take(soon());
  inbox->finish(seq, handed(InboxState::processed));
  run(file, "UPDATE arrival SET finished_at = " + milliseconds(time) + " WHERE seq = " + std::to_string(seq));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(clock_back)

BOOST_AUTO_TEST_CASE(purge_goes_on_behind_rows_of_a_clock_that_was_ahead_and_takes_them_along) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  settled_at(file, "ahead", received_at() + year);
  settled_at(file, "further ahead", received_at() + 2 * year);
  for (const char* body : {"old", "older"}) settled_at(file, body, received_at() - 9 * day);
  settled_at(file, "ahead, and nothing old came later", received_at() + year);
  settled_at(file, "young", received_at() - day);
  const auto inbox = open_at_rest(file);
  BOOST_TEST(inbox->purge(received_at() - 2 * day, {}).rows == 4u);
  const auto left = inbox->list(std::nullopt, 10).rows;
  BOOST_REQUIRE(left.size() == 2u);
  BOOST_TEST(left[0].seq == 6u);
  BOOST_TEST(left[1].seq == 5u);
}

// More of them than a step of the purge passes over.
BOOST_AUTO_TEST_CASE(purge_takes_any_number_of_rows_of_a_clock_that_was_ahead) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  for (const std::string& body : {std::string(5u << 20, 'x'), std::string{"old"}})  // the first is a step of its own
    settled_at(file, body, received_at() - 9 * day);
  settled_at(file, "ahead", received_at() + year);
  run(file,
      "WITH RECURSIVE copy (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < 20000)"
      " INSERT INTO arrival (seq, identity, body, source, received_at, state, finished_at)"
      " SELECT seq + n, identity, body, source, received_at, state, finished_at FROM arrival, copy WHERE seq = 3");
  settled_at(file, "old, and came later", received_at() - 9 * day);
  BOOST_TEST(open_at_rest(file)->purge(received_at() - 2 * day, {}).rows == 20'004u);
}

BOOST_AUTO_TEST_CASE(row_that_was_replayed_tells_nothing_about_those_of_a_clock_that_was_ahead) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  settled_at(file, push_body("old"), received_at() - 9 * day);
  settled_at(file, "ahead", received_at() + year);
  const auto inbox = open_at_rest(file);
  BOOST_TEST(inbox->replay(rows({1})).rows == 1u);
  inbox->finish(inbox->take(soon()).value().row.seq, handed(InboxState::processed));
  BOOST_TEST(inbox->purge(received_at() - 2 * day, {}).rows == 1u);
  BOOST_TEST(inbox->find(2).has_value());
}

BOOST_AUTO_TEST_CASE(last_push_of_a_clock_that_was_ahead_was_before_it_was_set_back) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  pw::Arrival ahead = arrival("ahead");
  ahead.received_at = received_at() + 30 * day;
  const auto last_push = [](pw::InboxView& inbox) { return inbox.counts().last_push_at.at(""); };
  pw::InboxTime set_back;
  {
    pw::InboxOptions options;
    options.heartbeat = std::chrono::milliseconds{1};
    const auto inbox = pw::open_inbox(url, options);
    BOOST_TEST(store(*inbox, ahead).durable());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (last_push(*inbox) == ahead.received_at && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    set_back = last_push(*inbox);
    BOOST_TEST((set_back >= received_at() && set_back < received_at() + hours{1}));
  }
  BOOST_TEST((last_push(*pw::open_inbox_view(url)) == set_back));
  BOOST_TEST((last_push(*pw::open_inbox(url)) == set_back));
  run(folder.file("inbox.db"), "UPDATE mark SET value = value + 2592000000 WHERE name = 'last_push_at'");
  BOOST_TEST((last_push(*pw::open_inbox_view(url)) < received_at() + hours{1}));
}

BOOST_AUTO_TEST_CASE(purge_up_to_now_takes_what_came_before_the_clock_was_set_back) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  settled_at(file, "ahead", received_at() + day);
  for (const char* body : {"a", "b", "c"}) settled_at(file, body, received_at() - hours{1});
  BOOST_TEST(open_at_rest(file)->purge(received_at(), {}).rows == 4u);
}

BOOST_AUTO_TEST_CASE(retention_goes_on_behind_rows_of_a_clock_that_was_ahead) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  settled_at(file, "ahead", received_at() + 60 * day);
  for (const char* body : {"a", "b", "c"}) settled_at(file, body, received_at() - 8 * day);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (inbox->counts().processed > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  BOOST_TEST(inbox->counts().processed == 0u);
}

BOOST_AUTO_TEST_CASE(retry_of_a_clock_that_was_ahead_is_due_and_holds_up_its_entity_no_longer) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::HandOver failed = handed(InboxState::pending);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  for (const char* name : {"a", "b"}) {
    store(*inbox, arrival(name, name));
    failed.retry_at = soon() + hours{name[0] == 'a' ? 0 : 2};
    inbox->finish(inbox->take(soon() - std::chrono::minutes{40}).value().row.seq, failed);
  }
  const pw::InboxTime now = soon() - std::chrono::minutes{30};  // later than the failures
  BOOST_TEST(!inbox->take(now));
  const auto failed_at = [&](pw::InboxTime time) {
    run(file, "UPDATE arrival SET finished_at = " + milliseconds(time) + " WHERE seq = 2");
  };
  failed_at(now + std::chrono::seconds{30});
  BOOST_TEST(!inbox->take(now));  // who asked has waited for a commit since he looked at the clock
  failed_at(now + hours{2});
  BOOST_TEST(inbox->take(now).value().row.seq == 2u);
  BOOST_TEST(!inbox->take(now));  // the other one failed in the past, and waits as it should
  BOOST_TEST(inbox->take(soon()).value().row.seq == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
