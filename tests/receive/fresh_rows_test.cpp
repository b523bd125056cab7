// Rows that wait for their first try without an entry in an index: none is forgotten, whatever becomes of it.
#include "inbox_fresh.hpp"

#include <latch>
#include <numeric>
#include <optional>
#include <vector>

#include "sqlite.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

using Numbers = std::vector<std::uint64_t>;
constexpr std::size_t more_than_a_step = 5'000;

Numbers from_to(std::uint64_t first, std::uint64_t last) {
  Numbers all(last - first + 1);
  std::iota(all.begin(), all.end(), first);
  return all;
}

void store_many(pw::Inbox& inbox, std::size_t count) {
  std::latch durable{static_cast<std::ptrdiff_t>(count)};
  for (std::size_t n = 0; n < count; ++n)
    inbox.store(arrival(std::to_string(n)), [&durable](const pw::StoreResult&) { durable.count_down(); });
  durable.wait();
}

Numbers take_all(pw::Inbox& inbox) {
  Numbers taken;
  while (const auto one = inbox.take(soon())) taken.push_back(one->row.seq);
  return taken;
}

// The answer to the second comes after all that followed the first.
void let_the_writer_come_round(pw::Inbox& inbox) {
  for (const char* body : {"first", "second"}) store(inbox, malformed(body));
}

class File {
 public:
  void close() { inbox_.reset(); }
  void open() {
    close();
    inbox_ = pw::open_inbox("sqlite:" + file_);
  }
  pw::Inbox& inbox() { return *inbox_; }
  void run(const char* sql) { pw::SqliteConnection{file_, pw::SqliteMode::read_write}.execute(sql); }
  std::int64_t mark() {
    pw::SqliteConnection reader{file_, pw::SqliteMode::read_only};
    return reader.integer("SELECT value FROM mark WHERE name = 'fresh_from'");
  }

 private:
  TempFolder folder_;
  std::string file_ = folder_.file("inbox.db");
  std::unique_ptr<pw::Inbox> inbox_ = pw::open_inbox("sqlite:" + file_);
};

// The rows without an inbox around them.
struct Alone {
  Alone() {
    connection.execute(
        "CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
        " CREATE TABLE arrival (seq INTEGER PRIMARY KEY, waits INTEGER)");
    rows_.emplace(connection);
  }
  pw::FreshRows& rows() { return *rows_; }

  pw::SqliteConnection connection{"memory", pw::SqliteMode::in_memory};

 private:
  std::optional<pw::FreshRows> rows_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fresh_rows, *label("R3"))

BOOST_AUTO_TEST_CASE(those_with_a_handler_at_a_crash_are_handed_over_again) {
  File file;
  store_many(file.inbox(), 10);
  BOOST_TEST(take_all(file.inbox()) == from_to(1, 10), boost::test_tools::per_element());
  for (const std::uint64_t seq : {2u, 9u}) file.inbox().finish(seq, handed(InboxState::processed));
  file.open();
  BOOST_TEST(take_all(file.inbox()) == (Numbers{1, 3, 4, 5, 6, 7, 8, 10}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(mark_follows_and_leaves_none_behind_that_is_still_with_a_handler) {
  File file;
  store_many(file.inbox(), more_than_a_step);
  BOOST_TEST(file.mark() == 1);
  BOOST_TEST(take_all(file.inbox()).size() == more_than_a_step);
  file.inbox().finish(3, handed(InboxState::processed));
  let_the_writer_come_round(file.inbox());
  BOOST_TEST(file.mark() == int{more_than_a_step} + 1);
  BOOST_TEST(file.inbox().counts().pending == more_than_a_step - 1);
  BOOST_TEST(take_all(file.inbox()).empty());

  file.open();
  store_many(file.inbox(), 10);
  BOOST_TEST(file.inbox().counts().pending == more_than_a_step - 1 + 10);
  for (const std::uint64_t seq : {1u, 2u, 4u, 5u}) BOOST_TEST(file.inbox().take(soon()).value().row.seq == seq);
}

// As when the newest of them did not survive what a tool saved of a damaged file: their numbers are not given again.
BOOST_AUTO_TEST_CASE(new_ones_come_behind_the_mark_though_rows_before_it_are_gone) {
  File file;
  store_many(file.inbox(), more_than_a_step);
  take_all(file.inbox());
  let_the_writer_come_round(file.inbox());
  file.close();
  file.run("DELETE FROM arrival; DELETE FROM body; DELETE FROM body_number");
  file.open();
  const auto seq = store(file.inbox(), arrival("new")).seq;
  BOOST_TEST(seq > more_than_a_step);
  BOOST_TEST(take_all(file.inbox()) == Numbers{seq}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_that_is_given_back_is_handed_over_again_wherever_the_mark_is) {
  File file;
  store_many(file.inbox(), more_than_a_step);
  take_all(file.inbox());
  file.inbox().release(7);
  BOOST_TEST(take_all(file.inbox()) == Numbers{7}, boost::test_tools::per_element());
  let_the_writer_come_round(file.inbox());
  BOOST_REQUIRE(file.mark() > 7);
  for (const std::uint64_t seq : {7u, 4'000u}) file.inbox().release(seq);
  BOOST_TEST(take_all(file.inbox()) == (Numbers{7, 4'000}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_waited_behind_its_entity_has_its_place_among_them) {
  on_both_inboxes([](pw::Inbox& inbox) {
    for (const char* entity : {"hot", "hot", "other", "hot", "another"}) {
      static int n = 0;
      store(inbox, arrival(entity + std::to_string(++n), entity));
    }
    Numbers handled;
    while (const auto taken = inbox.take(soon())) {
      handled.push_back(taken->row.seq);
      inbox.finish(taken->row.seq, handed(InboxState::processed));
    }
    BOOST_TEST(handled == from_to(1, 5), boost::test_tools::per_element());
  });
}

// What it looks at must not grow with what was settled before; and all of them are passed, also those that wait.
BOOST_AUTO_TEST_CASE(mark_is_not_held_back_by_rows_that_are_nobodys_turn) {
  File file;
  constexpr std::uint64_t hot = more_than_a_step + 1;
  store_many(file.inbox(), more_than_a_step);
  for (int n = 0; n < 3; ++n) store(file.inbox(), arrival("hot" + std::to_string(n), "hot"));
  BOOST_TEST(take_all(file.inbox()).size() == hot);
  let_the_writer_come_round(file.inbox());
  BOOST_TEST(static_cast<std::uint64_t>(file.mark()) == hot + 3);
  file.inbox().finish(hot, handed(InboxState::processed));
  BOOST_TEST(take_all(file.inbox()) == Numbers{hot + 1}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_that_cannot_be_read_keeps_the_mark_where_it_is_unless_it_has_an_entry) {
  Alone alone;
  pw::FreshRows& rows = alone.rows();
  pw::HandedOut out;
  rows.pass_to(10'000);
  out.unread_until[20] = soon();
  BOOST_TEST(!rows.is_mark_due(out));
  rows.back_to(20);
  BOOST_TEST(rows.from() == 20u);
  rows.pass_to(10'000);
  rows.keep_entry(20);
  rows.back_to(20);
  BOOST_TEST(rows.from() == 10'000u);
  out.unread_until[9'000] = soon();
  BOOST_REQUIRE(rows.is_mark_due(out));
  rows.write_mark(out);
  rows.keep_mark();
  BOOST_TEST(alone.connection.integer("SELECT value FROM mark") == 9'000);
  rows.back_to(8'999);
  BOOST_TEST(rows.from() == 10'000u);
  rows.back_to(9'000);
  BOOST_TEST(rows.from() == 9'000u);
}

BOOST_AUTO_TEST_CASE(mark_that_could_not_be_written_is_tried_again_a_step_later) {
  Alone alone;
  pw::FreshRows& rows = alone.rows();
  const pw::HandedOut out;
  rows.pass_to(5'000);
  BOOST_REQUIRE(rows.is_mark_due(out));
  BOOST_TEST(!rows.is_mark_due(out));
  rows.write_mark(out);  // and is not committed
  rows.back_to(1);
  BOOST_TEST(rows.from() == 1u);
  rows.pass_to(10'000);
  BOOST_TEST(rows.is_mark_due(out));
}

BOOST_AUTO_TEST_SUITE_END()
