// What the writer of an inbox remembers beside its file says the same as the file at every moment.
#include "inbox_memory.hpp"

#include <array>
#include <fstream>
#include <set>

#include "fixture.hpp"
#include "inbox_schema.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

constexpr int more_than_memory_takes = 70'000;

pw::Identity numbered(int n) {
  return pw::identity_of("body " + std::to_string(n));
}

// A file of the inbox, and what is remembered of it. reopen() is what a crash does to memory.
class Book {
 public:
  Book() {
    std::ofstream{file_}.close();
    connection_.emplace(file_, pw::SqliteMode::read_write);
    pw::prepare_inbox(*connection_, file_);
    reopen();
  }

  void reopen() { memory_.emplace(*connection_); }

  template <class Change>
  void transaction(const Change& change, bool commit = true) {
    pw::InboxTransaction one{*connection_, *memory_};
    change();
    if (commit) one.commit();
  }

  std::int64_t add(const pw::Identity& identity) {
    const auto number = rows().next();
    numbers().add(identity, number);
    pw::SqliteStatement insert{*connection_, "INSERT INTO body (id, identity, bytes) VALUES (?1, ?2, x'00')"};
    insert.bind(1, number).bind_blob(2, pw::raw(identity)).run();
    return number;
  }
  void add(int from, int to) {
    transaction([&] {
      for (int n = from; n < to; ++n) add(numbered(n));
    });
  }
  void remove(const pw::Identity& identity) {
    const auto number = numbers().find(identity).value();
    memory_->numbers.remove(identity);
    pw::SqliteStatement remove{*connection_, "DELETE FROM body WHERE id = ?1"};
    remove.bind(1, number).run();
  }
  void write(std::size_t most) {
    transaction([&] { numbers().write_some(most); });
  }

  std::int64_t in_table() { return connection_->integer("SELECT count(*) FROM body_number"); }
  pw::BodyNumbers& numbers() { return memory_->numbers; }
  pw::PendingEntities& pending() { return memory_->pending; }
  pw::RowNumbers& rows() { return memory_->rows; }
  pw::InboxMemory& memory() { return *memory_; }
  pw::SqliteConnection& connection() { return *connection_; }
  const std::string& file() const { return file_; }

 private:
  TempFolder folder_;
  std::string file_ = folder_.file("inbox.db");
  std::optional<pw::SqliteConnection> connection_;
  std::optional<pw::InboxMemory> memory_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox_memory, *label("R5"))

BOOST_AUTO_TEST_CASE(new_number_of_a_body_that_had_one_is_undone_with_its_transaction_and_outlives_a_crash) {
  Book book;
  book.add(0, 1);
  const auto first = book.numbers().find(numbered(0));
  book.transaction([&] { book.add(numbered(0)); }, false);
  BOOST_TEST((book.numbers().find(numbered(0)) == first));
  std::int64_t second = 0;
  book.transaction([&] { second = book.add(numbered(0)); });
  book.reopen();
  BOOST_TEST(book.numbers().find(numbered(0)).value() == second);
}

BOOST_AUTO_TEST_CASE(number_is_found_while_it_moves_from_memory_to_the_table) {
  Book book;
  book.add(0, more_than_memory_takes);
  pw::SqliteConnection other{book.file(), pw::SqliteMode::read_only};
  pw::BodyNumbersView view{other};
  const std::array some{0, 1, 17, 40'000, more_than_memory_takes - 1};
  for (const std::size_t written : {0u, 1u, 30'000u, 100'000u}) {
    book.write(written);
    for (const int n : some) {
      BOOST_TEST(book.numbers().find(numbered(n)).value() == n + 1);
      BOOST_TEST(view.find(numbered(n)).value() == n + 1);
    }
    BOOST_TEST(!book.numbers().find(numbered(more_than_memory_takes)));
    BOOST_TEST(!view.find(numbered(more_than_memory_takes)));
  }
  BOOST_TEST(book.in_table() == more_than_memory_takes);
  book.add(more_than_memory_takes, more_than_memory_takes + 1);
  BOOST_TEST(view.find(numbered(more_than_memory_takes)).value() == more_than_memory_takes + 1);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_for_a_few) {
  Book book;
  book.add(0, 1'000);
  book.write(1'000);
  BOOST_TEST(book.in_table() == 0);
}

BOOST_AUTO_TEST_CASE(crash_between_two_writes_loses_no_number) {
  Book book;
  book.add(0, more_than_memory_takes);
  book.write(20'000);
  book.reopen();
  for (int n = 0; n < more_than_memory_takes; ++n) BOOST_REQUIRE(book.numbers().find(numbered(n)) == n + 1);
  book.transaction([] {});  // all of them are due
  book.write(more_than_memory_takes);
  BOOST_TEST(book.in_table() == more_than_memory_takes);
  book.reopen();
  BOOST_TEST(book.numbers().find(numbered(5)).value() == 6);
  BOOST_TEST(book.add(numbered(-1)) == more_than_memory_takes + 1);
}

BOOST_AUTO_TEST_CASE(removed_body_has_no_number_wherever_it_was) {
  Book book;
  book.add(0, more_than_memory_takes);
  book.write(30'000);
  book.add(more_than_memory_takes, more_than_memory_takes + 10);
  pw::SqliteConnection other{book.file(), pw::SqliteMode::read_only};
  pw::BodyNumbersView view{other};
  // In the table and in memory, due only, newest: whichever a number is, it is among these.
  std::set<int> removed{more_than_memory_takes + 1};
  for (int n = 0; n < more_than_memory_takes; n += 997) removed.insert(n);
  for (const int n : removed) BOOST_TEST_REQUIRE(view.find(numbered(n)).has_value());

  book.transaction(
      [&] {
        for (const int n : removed) book.remove(numbered(n));
      },
      false);
  for (const int n : removed) BOOST_TEST_REQUIRE(book.numbers().find(numbered(n)).value() == n + 1);

  book.transaction([&] {
    for (const int n : removed) book.remove(numbered(n));
  });
  book.write(more_than_memory_takes);
  for (const int n : removed) {
    BOOST_TEST_REQUIRE(!book.numbers().find(numbered(n)));
    BOOST_TEST_REQUIRE(!view.find(numbered(n)));
  }
  book.reopen();
  for (const int n : removed) BOOST_TEST_REQUIRE(!book.numbers().find(numbered(n)));
  BOOST_TEST(book.in_table() == more_than_memory_takes - std::ssize(removed) + 1);
}

BOOST_AUTO_TEST_CASE(what_is_surely_not_in_the_table_is_known_up_to_a_number_of_rows) {
  constexpr std::size_t rows = 100;
  Book book;
  pw::NumberedIdentities while_written{book.connection(), rows};
  book.transaction([&] {
    pw::SqliteStatement insert{book.connection(), "INSERT INTO body_number (identity, body) VALUES (?1, ?2)"};
    for (int n = 0; n < int{rows}; ++n) {
      while_written.add(numbered(n));
      insert.bind_blob(1, pw::raw(numbered(n))).bind(2, n + 1).run();
    }
  });
  pw::NumberedIdentities read{book.connection(), rows}, too_many{book.connection(), rows - 1};
  for (int n = 0; n < int{rows}; ++n)
    BOOST_TEST((while_written.may_have(numbered(n)) && read.may_have(numbered(n)) && too_many.may_have(numbered(n))));
  BOOST_TEST(!while_written.may_have(numbered(rows)));
  BOOST_TEST(!read.may_have(numbered(rows)));
  BOOST_TEST(too_many.may_have(numbered(rows)));
  while_written.add(numbered(rows));
  BOOST_TEST(while_written.may_have(numbered(rows + 1)));
}

BOOST_AUTO_TEST_CASE(undone_transaction_leaves_no_number_and_no_entity) {
  Book book;
  book.transaction([&] { book.add(numbered(1)), book.pending().add_newest(pw::EntityKey{"invoice/1"}, 7); });
  book.transaction(
      [&] {
        book.add(numbered(2));
        book.remove(numbered(1));
        book.pending().add_newest(pw::EntityKey{"invoice/1"}, 8);
        book.pending().add_newest(pw::EntityKey{"invoice/2"}, 9);
        book.pending().remove(pw::EntityKey{"invoice/1"});
      },
      false);
  BOOST_TEST(book.numbers().find(numbered(1)).value() == 1);
  BOOST_TEST(!book.numbers().find(numbered(2)));
  BOOST_TEST(book.pending().is_newest(pw::EntityKey{"invoice/1"}, 7));
  BOOST_TEST(!book.pending().has(pw::EntityKey{"invoice/2"}));
}

BOOST_AUTO_TEST_CASE(undone_rows_give_their_numbers_back) {
  Book book;
  book.transaction([&] { BOOST_TEST(book.rows().next() == 1); });
  book.transaction([&] { BOOST_TEST(book.rows().next() == 2); }, false);
  book.transaction([&] {
    {
      const pw::InboxSavepoint undone{book.connection(), book.memory()};
      BOOST_TEST(book.rows().next() == 2);
    }
    BOOST_TEST(book.rows().next() == 2);
  });
  BOOST_TEST(book.rows().next() == 3);
}

// A done-mark names a row by its number.
BOOST_AUTO_TEST_CASE(number_of_a_row_is_never_used_again) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto soon = received_at() + std::chrono::hours{1};
  const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";
  const std::string body = R"({"event":"invoice.updated","data":{"id":")" + id + R"("}})";
  const auto store_and_settle = [&](pw::Inbox& inbox) {
    const auto seq = store(inbox, arrival(body, id)).seq;
    BOOST_TEST(inbox.take(soon).value().row.seq == seq);
    inbox.finish(seq, handed(pw::InboxState::processed));
    return seq;
  };
  for (const std::uint64_t expected : {1u, 3u, 5u}) {
    const auto inbox = pw::open_inbox(url);
    for (const std::uint64_t seq : {expected, expected + 1}) {
      BOOST_TEST(store_and_settle(*inbox) == seq);
      BOOST_TEST(inbox->purge(soon, {}).rows == 1u);
    }
  }
  const auto inbox = pw::open_inbox(url);
  const auto seq = store_and_settle(*inbox);
  BOOST_TEST(seq == 7u);
  BOOST_TEST(inbox->replay({pw::RowSelection::Kind::named, {seq}}).rows == 1u);
  BOOST_TEST(inbox->take(soon).value().row.seq == 8u);
}

BOOST_AUTO_TEST_CASE(number_of_an_undone_body_is_not_taken_for_written) {
  constexpr int memory_takes = 65'536;
  Book book;
  book.add(0, memory_takes - 1);
  book.transaction(
      [&] {
        for (int n = 0; n < 10; ++n) book.add(numbered(-1 - n));
      },
      false);
  book.add(memory_takes - 1, memory_takes);  // now they are due
  book.write(memory_takes);
  BOOST_TEST(book.in_table() == memory_takes);
  book.add(memory_takes, memory_takes + 1);
  book.reopen();
  BOOST_TEST(book.numbers().find(numbered(memory_takes)).value() == memory_takes + 1);
}

BOOST_AUTO_TEST_CASE(undone_write_is_made_again) {
  Book book;
  book.add(0, more_than_memory_takes);
  book.transaction([&] { book.numbers().write_some(more_than_memory_takes); }, false);
  BOOST_TEST(book.in_table() == 0);
  book.write(more_than_memory_takes);
  BOOST_TEST(book.in_table() == more_than_memory_takes);
}

BOOST_AUTO_TEST_CASE(undone_part_leaves_the_rest_of_its_transaction) {
  Book book;
  pw::InboxMemory memory{book.connection()};
  pw::InboxTransaction all{book.connection(), memory};
  memory.pending.add_newest(pw::EntityKey{"invoice/1"}, 7);
  memory.numbers.add(numbered(1), memory.rows.next());
  {
    const pw::InboxSavepoint part{book.connection(), memory};
    memory.pending.remove(pw::EntityKey{"invoice/1"});
    memory.pending.add_newest(pw::EntityKey{"invoice/2"}, 8);
    memory.numbers.add(numbered(2), memory.rows.next());
  }
  {
    pw::InboxSavepoint part{book.connection(), memory};
    memory.pending.add_newest(pw::EntityKey{"invoice/3"}, 9);
    part.keep();
  }
  all.commit();
  BOOST_TEST(memory.pending.is_newest(pw::EntityKey{"invoice/1"}, 7));
  BOOST_TEST(!memory.pending.has(pw::EntityKey{"invoice/2"}));
  BOOST_TEST(memory.pending.has(pw::EntityKey{"invoice/3"}));
  BOOST_TEST(memory.numbers.find(numbered(1)).has_value());
  BOOST_TEST(!memory.numbers.find(numbered(2)));
}

BOOST_AUTO_TEST_CASE(revived_row_is_not_taken_for_the_newest) {
  Book book;
  book.pending().add_older(pw::EntityKey{"invoice/1"});
  BOOST_TEST(book.pending().has(pw::EntityKey{"invoice/1"}));
  BOOST_TEST(!book.pending().is_newest(pw::EntityKey{"invoice/1"}, 7));
  book.pending().add_newest(pw::EntityKey{"invoice/1"}, 8);
  book.pending().add_older(pw::EntityKey{"invoice/1"});
  BOOST_TEST(book.pending().is_newest(pw::EntityKey{"invoice/1"}, 8));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(inbox_after_memory, *label("H2"))

// A file that was closed while entities had rows pending, and while bodies were known in memory only.
BOOST_AUTO_TEST_CASE(order_of_an_entity_and_copies_outlive_a_restart) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url);
    store(*inbox, arrival("a", "1"));
    store(*inbox, arrival("b", "1"));
    store(*inbox, arrival("c", "2"));
  }
  const auto inbox = pw::open_inbox(url);
  const auto later = received_at() + std::chrono::hours{1};
  const auto third = store(*inbox, arrival("a", "1"));
  BOOST_TEST((third.status == pw::StoreStatus::stored));  // the earlier one may have been started before the restart
  const auto first = inbox->take(later).value();
  BOOST_TEST(first.body == "a");
  BOOST_TEST(inbox->take(later).value().body == "c");
  BOOST_TEST(!inbox->take(later).has_value());
  inbox->finish(first.row.seq, handed(pw::InboxState::processed));
  const auto second = inbox->take(later).value();
  BOOST_TEST(second.body == "b");
  inbox->finish(second.row.seq, handed(pw::InboxState::processed));
  const auto copy = inbox->take(later).value();
  BOOST_TEST(copy.row.seq == third.seq);
  BOOST_TEST(copy.seen_before);
}

BOOST_AUTO_TEST_SUITE_END()
