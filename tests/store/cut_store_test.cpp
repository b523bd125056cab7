// What others do to the files of a store, open or not, and what its owner makes of it.
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <functional>
#include <memory>

#include "mock.hpp"
#include "store/log_beside.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_store.hpp"
#include "support/temp_folder.hpp"

namespace fs = std::filesystem;
using mock::store::Connection;
using mock::store::NotWritten;
using mock::store::open_sqlite;
using mock::store::Unusable;
using store_test::describe;
using test_support::TempFolder;

namespace {

std::string refusal(const std::string& file) {
  try {
    open_sqlite(file);
  } catch (const Unusable& error) {
    return error.what();
  }
  return "accepted";
}

std::string trouble_of(const std::function<void()>& write) {
  try {
    write();
  } catch (const NotWritten& error) {
    return error.what();
  }
  return "written";
}

void expect(const std::string& said, const std::string& part) {
  BOOST_TEST(said.find(part) != std::string::npos, said << " should say: " << part);
}

void change(store_test::Mock& mock, int times) {
  for (int i = 0; i < times; ++i) {
    mock.change();
    mock.keep();
  }
}

void fill(const std::string& file, int changes) {
  const auto store = open_sqlite(file);
  store_test::Mock mock{*store, 7};
  change(mock, changes);
}

// As kill -9 leaves it, with `changes` in the log.
void fill_and_crash(const TempFolder& folder, const std::string& file, int changes) {
  const auto running = folder.file("running");
  if (fs::exists(file)) fs::copy_file(file, running);
  const auto store = open_sqlite(running, {.vfs = "", .checkpoint_pages = 1'000'000});
  store_test::Mock mock{*store, 7};
  change(mock, changes);
  fs::copy_file(running, file, fs::copy_options::overwrite_existing);
  fs::copy_file(running + "-wal", file + "-wal", fs::copy_options::overwrite_existing);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cut_stores)

BOOST_AUTO_TEST_CASE(a_hole_in_the_log_is_found_whatever_its_size) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  store_test::run_sql(file, "PRAGMA journal_mode = WAL; CREATE TABLE t(x)");
  Connection connection{file, ""};
  connection.copy_log_only_when_asked();
  connection.exec("INSERT INTO t VALUES(1)");
  const auto first = connection.log_frames();
  BOOST_TEST(connection.log_holds(first));
  BOOST_TEST(!connection.log_holds(first + 1));
  fs::resize_file(file + "-wal", 40);
  connection.exec("INSERT INTO t VALUES(2)");
  BOOST_TEST(connection.log_frames() > first);
  BOOST_TEST(connection.log_holds(connection.log_frames()));
  BOOST_TEST(!connection.log_holds(first));
  fs::resize_file(file + "-wal", 0);
  connection.exec("INSERT INTO t VALUES(3)");
  BOOST_TEST(!connection.log_holds(connection.log_frames()));
  connection.leave_the_log(true);
}

BOOST_AUTO_TEST_CASE(a_log_that_begins_anew_is_not_taken_for_a_cut_one) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"), {.vfs = "", .checkpoint_pages = 20});
  store_test::Mock mock{*store, 7};
  change(mock, 500);
  BOOST_TEST(mock.describe() == describe(*store));
  BOOST_TEST(!fs::exists(folder.file("s.db-cut")));
}

BOOST_AUTO_TEST_CASE(following_the_message_after_a_cut_brings_the_copy_back_whole) {
  for (const std::string cut : {"s.db", "s.db-wal"}) {
    const TempFolder folder;
    const auto file = folder.file("s.db");
    fill(file, 20);
    const auto expected = describe(*open_sqlite(file));
    fs::copy_file(file, folder.file("copy"));
    {
      const auto store = open_sqlite(file);
      store_test::Mock mock{*store, 8};
      change(mock, 100);
      fs::resize_file(folder.file(cut), 100);
      expect(trouble_of([&] { change(mock, 20); }), folder.file(cut) + " was cut short");
    }
    BOOST_TEST(!fs::exists(file + "-wal"));
    BOOST_TEST(fs::exists(file + "-cut-wal"));
    expect(refusal(file), "move " + file + "-wal and " + file + "-shm away");
    fs::copy_file(folder.file("copy"), file, fs::copy_options::overwrite_existing);
    fs::remove(file + "-cut");
    BOOST_TEST(describe(*open_sqlite(file)) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_mark_that_cannot_be_made_is_told) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  const auto store = open_sqlite(file);
  store_test::Mock mock{*store, 7};
  change(mock, 20);
  fs::create_symlink(folder.file("missing/mark"), file + "-cut");
  fs::resize_file(file, 0);
  expect(trouble_of([&] { change(mock, 20); }), "no mark can be made");
  expect(trouble_of([&] { change(mock, 20); }), "move " + file + "-wal and " + file + "-shm away");
  BOOST_TEST(fs::exists(file + "-wal"));
}

BOOST_AUTO_TEST_CASE(a_replaced_file_names_the_log_that_has_to_go) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  fill(file, 20);
  fs::copy_file(file, folder.file("copy"));
  const auto store = open_sqlite(file);
  store_test::Mock mock{*store, 8};
  fs::rename(folder.file("copy"), file);
  expect(trouble_of([&] { change(mock, 20); }), "stop, move " + file + "-wal and " + file + "-shm away");
}

BOOST_AUTO_TEST_CASE(a_copy_beside_the_log_of_another_file_is_refused_and_left_whole) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  fill(file, 20);
  fs::copy_file(file, folder.file("copy"));
  const auto expected = describe(*open_sqlite(file));
  fill(file, 300);
  fill_and_crash(folder, file, 10);
  fs::copy_file(folder.file("copy"), file, fs::copy_options::overwrite_existing);
  expect(refusal(file), "a copy that does not belong to the log " + file + "-wal");
  expect(refusal(file), "move " + file + "-wal and " + file + "-shm away");
  fs::remove(file + "-wal");
  BOOST_TEST(describe(*open_sqlite(file)) == expected);
}

BOOST_AUTO_TEST_CASE(an_empty_or_missing_file_beside_its_log_is_refused_and_the_log_kept) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  fill_and_crash(folder, file, 20);
  const auto log = fs::file_size(file + "-wal");
  fs::resize_file(file, 0);
  expect(refusal(file), "is empty or missing, but its log " + file + "-wal is there");
  fs::remove(file);
  expect(refusal(file), "is empty or missing, but its log " + file + "-wal is there");
  BOOST_TEST(!fs::exists(file));
  BOOST_TEST(fs::file_size(file + "-wal") == log);
}

BOOST_AUTO_TEST_CASE(a_store_by_a_link_is_watched_and_marked_where_it_is) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  fs::create_directory(folder.file("links"));
  fs::create_symlink(file, folder.file("links/s.db"));
  fill(file, 1);
  {
    const auto store = open_sqlite(folder.file("links/s.db"));
    store_test::Mock mock{*store, 8};
    change(mock, 20);
    fs::resize_file(file + "-wal", 100);
    expect(trouble_of([&] { change(mock, 20); }), file + "-wal was cut short");
  }
  expect(refusal(file), "was cut short");
  expect(refusal(folder.file("links/s.db")), "was cut short");
}

BOOST_AUTO_TEST_SUITE_END()
