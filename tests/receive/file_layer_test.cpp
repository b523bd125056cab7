// The log is written, and copied into its file, in large pieces, and others see just what they would see without.
#include <filesystem>
#include <fstream>

#include "fixture.hpp"
#include "sqlite.hpp"
#include "support/forgetful_disk.hpp"

using namespace receive_test;
using test_support::DefaultLayer;
using test_support::ForgetfulDisk;

namespace {

constexpr const char* disk_name = "forgetful";
constexpr int pages_each = 8;  // and as many rows

void prepare(pw::SqliteConnection& one, const std::string& settings = "") {
  one.execute((settings + "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE page (bytes)").c_str());
}

void fill(pw::SqliteConnection& one, int times) {
  for (int n = 0; n < times; ++n)
    one.execute("INSERT INTO page SELECT randomblob(3900) FROM (VALUES (1),(2),(3),(4),(5),(6),(7),(8))");
}

void fill_at_once(pw::SqliteConnection& one, int times) {
  pw::SqliteTransaction transaction{one};
  fill(one, times);
  transaction.commit();
}

// A file with a connection that writes to it.
struct Written {
  explicit Written(const std::string& settings = "") {
    std::ofstream{file}.close();
    writer.emplace(file, pw::SqliteMode::writer);
    prepare(*writer, settings);
  }

  // As a connection that begins now sees them.
  std::int64_t rows() const {
    pw::SqliteConnection other{file, pw::SqliteMode::read_only};
    BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
    return other.integer("SELECT count(*) FROM page");
  }

  TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::optional<pw::SqliteConnection> writer;
};

// A file on the disk that forgets.
struct OnForgetfulDisk {
  explicit OnForgetfulDisk(pw::SqliteMode mode, bool safe = true) {
    if (safe) disk.promise_safe_overwrites();
    disk.make_file("/inbox.db");
    writer.emplace("/inbox.db", mode);
    prepare(*writer);
  }

  ForgetfulDisk disk{disk_name};
  const DefaultLayer all_on_it{disk_name};
  std::optional<pw::SqliteConnection> writer;
};

// Rows whose content tells which they are.
void fill_with_numbers(pw::SqliteConnection& one, int from, int to) {
  pw::SqliteTransaction transaction{one};
  pw::SqliteStatement add{one, "INSERT INTO page VALUES (printf('%03900d', ?1))"};
  for (int n = from; n < to; ++n) add.reset().bind(1, std::int64_t{n}).run();
  transaction.commit();
}

// What is in the file for one who does not know of the log.
std::int64_t rows_in_the_file(const std::string& file) {
  pw::SqliteConnection other{file, pw::SqliteMode::alone};
  BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
  BOOST_TEST(other.integer("SELECT count(*) FROM page WHERE bytes <> printf('%03900d', rowid)") == 0);
  return other.integer("SELECT count(*) FROM page");
}

ForgetfulDisk::Counts calls_to_copy_320_pages(pw::SqliteMode mode) {
  OnForgetfulDisk one{mode};
  fill_at_once(*one.writer, 40);
  const ForgetfulDisk::Counts before = one.disk.counts();
  BOOST_TEST(one.writer->copy_log().has_value());
  const ForgetfulDisk::Counts after = one.disk.counts();
  return {after.reads - before.reads, after.growths - before.growths, after.written_bytes - before.written_bytes};
}

std::string bytes_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::size_t changes_for_80_pages(pw::SqliteMode mode) {
  OnForgetfulDisk one{mode};
  const std::size_t before = one.disk.changes();
  fill_at_once(*one.writer, 10);
  return one.disk.changes() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(file_layer)

BOOST_AUTO_TEST_CASE(pages_of_a_transaction_are_written_together) {
  BOOST_TEST(changes_for_80_pages(pw::SqliteMode::read_write) > 160u);  // a head and a page for each
  BOOST_TEST(changes_for_80_pages(pw::SqliteMode::writer) < 10u);
}

BOOST_AUTO_TEST_CASE(commit_is_seen_by_others_at_once) {
  Written one;
  for (int n = 1; n <= 5; ++n) {
    fill_at_once(*one.writer, n);
    BOOST_TEST(one.rows() == pages_each * n * (n + 1) / 2);
  }
}

BOOST_AUTO_TEST_CASE(transaction_that_outgrows_the_cache_reads_what_it_wrote) {
  Written one{"PRAGMA cache_size = 5; "};
  pw::SqliteTransaction transaction{*one.writer};
  for (int n = 1; n <= 20; ++n) {
    fill(*one.writer, 1);
    BOOST_TEST(one.writer->integer("SELECT count(*) FROM page WHERE length(bytes) = 3900") == pages_each * n);
  }
  BOOST_TEST(one.rows() == 0);
  transaction.commit();
  BOOST_TEST(one.rows() == pages_each * 20);
}

BOOST_AUTO_TEST_CASE(transaction_that_is_given_up_leaves_nothing) {
  Written one{"PRAGMA cache_size = 5; "};
  {
    pw::SqliteTransaction given_up{*one.writer};
    fill(*one.writer, 20);
  }
  fill_at_once(*one.writer, 1);
  BOOST_TEST(one.rows() == pages_each);
}

BOOST_AUTO_TEST_CASE(pages_of_any_size) {
  for (const char* size : {"512", "8192", "65536"}) {
    Written one{std::string{"PRAGMA page_size = "} + size + "; "};
    fill_at_once(*one.writer, 30);
    BOOST_TEST_CONTEXT(size) BOOST_TEST(one.rows() == pages_each * 30);
  }
}

BOOST_AUTO_TEST_CASE(log_is_copied_into_the_file_and_begun_anew) {
  Written one;
  for (int n = 0; n < 3; ++n) {
    fill_at_once(*one.writer, 20);
    one.writer->copy_log();
  }
  BOOST_TEST(one.rows() == pages_each * 60);
  BOOST_TEST(one.writer->empty_log());
  BOOST_TEST(std::filesystem::file_size(one.file + "-wal") == 0u);
  BOOST_TEST(one.rows() == pages_each * 60);
}

BOOST_AUTO_TEST_CASE(copies_make_the_same_file_as_without_the_layer) {
  std::string bytes[2];
  for (const auto mode : {pw::SqliteMode::read_write, pw::SqliteMode::writer}) {
    Written one;
    pw::SqliteConnection copier{one.file, mode};
    copier.integer("PRAGMA user_version");
    for (int n = 1; n < 400; n += 133) {
      fill_with_numbers(*one.writer, n, n + 133);
      BOOST_TEST(copier.copy_log().has_value());
    }
    one.writer->execute("UPDATE page SET bytes = 'again' WHERE rowid % 7 = 0");
    copier.copy_log();
    bytes[mode == pw::SqliteMode::writer ? 1 : 0] = bytes_of(one.file);
  }
  BOOST_TEST(bytes[0].size() > 400u * 4'096);
  BOOST_TEST((bytes[0] == bytes[1]));
}

// What was read ahead belongs to the log as it was.
BOOST_AUTO_TEST_CASE(log_that_was_begun_anew_is_read_anew) {
  Written one;
  pw::SqliteConnection copier{one.file, pw::SqliteMode::writer};
  copier.integer("PRAGMA user_version");
  int rows = 0;
  for (const int more : {5, 5, 90, 90, 5, 40}) {
    fill_with_numbers(*one.writer, rows + 1, rows + more + 1);
    rows += more;
    BOOST_TEST(copier.copy_log().has_value());
    BOOST_TEST(rows_in_the_file(one.file) == rows);
  }
}

BOOST_AUTO_TEST_CASE(log_is_copied_in_pieces) {
  const ForgetfulDisk::Counts usual = calls_to_copy_320_pages(pw::SqliteMode::read_write);
  const ForgetfulDisk::Counts ours = calls_to_copy_320_pages(pw::SqliteMode::writer);
  BOOST_TEST(usual.reads >= 320u);
  BOOST_TEST(ours.reads < usual.reads / 8);
  BOOST_TEST(usual.growths >= 320u);
  BOOST_TEST(ours.growths < usual.growths / 8);
  BOOST_TEST(ours.written_bytes < usual.written_bytes * 2);
}

// A page is copied, and those behind it are not yet, as somebody reads who must not see them.
BOOST_AUTO_TEST_CASE(file_becomes_as_long_as_its_database_and_no_longer) {
  Written one;
  fill_with_numbers(*one.writer, 1, 17);
  one.writer->copy_log();
  fill_with_numbers(*one.writer, 17, 18);
  pw::SqliteConnection reader{one.file, pw::SqliteMode::read_only};
  pw::SqliteStatement look{reader, "SELECT count(*) FROM page"};
  look.step();
  fill_with_numbers(*one.writer, 18, 24);
  BOOST_TEST(one.writer->copy_log().has_value());
  BOOST_TEST(std::filesystem::file_size(one.file) ==
             static_cast<std::uintmax_t>(one.writer->integer("PRAGMA page_count") * 4'096));
}

BOOST_AUTO_TEST_CASE(page_for_which_there_is_no_room_is_not_taken_for_copied) {
  OnForgetfulDisk one{pw::SqliteMode::writer};
  fill_with_numbers(*one.writer, 1, 17);
  one.writer->copy_log();
  fill_with_numbers(*one.writer, 17, 18);
  pw::SqliteConnection reader{"/inbox.db", pw::SqliteMode::read_only};
  pw::SqliteStatement look{reader, "SELECT count(*) FROM page"};
  look.step();
  fill_with_numbers(*one.writer, 18, 24);
  one.disk.set_full(true);
  BOOST_TEST(!one.writer->copy_log());
}

// Where there is no room for a piece there may be some for a page; what is not copied is in the log still.
BOOST_AUTO_TEST_CASE(full_disk_fails_the_copy_and_no_later_one) {
  OnForgetfulDisk one{pw::SqliteMode::writer};
  fill_with_numbers(*one.writer, 1, 100);
  one.disk.set_full(true);
  BOOST_TEST(!one.writer->copy_log());
  one.disk.set_full(false);
  BOOST_TEST(one.writer->copy_log().has_value());
  one.disk.set_full(true);  // the log is begun anew, so that this fits
  fill_with_numbers(*one.writer, 100, 101);
  one.disk.set_full(false);
  one.writer->copy_log();
  BOOST_TEST(rows_in_the_file("/inbox.db") == 100);
}

// The power fails at each change that a copy makes, once all before it have reached the disk, once some of them.
BOOST_AUTO_TEST_CASE(power_cut_while_the_log_is_copied_loses_nothing) {
  constexpr int rows = 60;
  bool whole = false;
  for (std::size_t changes = 0; !whole; ++changes) {
    OnForgetfulDisk one{pw::SqliteMode::writer};
    fill_with_numbers(*one.writer, 1, rows / 2);
    one.writer->copy_log();
    fill_with_numbers(*one.writer, rows / 2, rows + 1);
    one.disk.cut_after(changes);
    whole = one.writer->copy_log().has_value();
    one.disk.power_back(changes);
    pw::SqliteConnection other{"/inbox.db", pw::SqliteMode::read_write};
    BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
    BOOST_TEST(other.integer("SELECT count(*) FROM page WHERE bytes = printf('%03900d', rowid)") == rows);
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_behind_the_sync_of_a_commit_is_seen_too) {
  OnForgetfulDisk one{pw::SqliteMode::writer, false};
  for (int n = 1; n <= 5; ++n) {
    fill_at_once(*one.writer, 1);
    pw::SqliteConnection other{"/inbox.db", pw::SqliteMode::read_only};
    BOOST_TEST(other.integer("SELECT count(*) FROM page") == pages_each * n);
  }
}

BOOST_AUTO_TEST_CASE(full_disk_fails_the_commit_and_no_later_one) {
  OnForgetfulDisk one{pw::SqliteMode::writer};
  fill_at_once(*one.writer, 1);
  one.disk.set_full(true);
  BOOST_CHECK_EXCEPTION(fill_at_once(*one.writer, 2), pw::SqliteError,
                        [](const pw::SqliteError& error) { return error.kind() == pw::SqliteError::Kind::full; });
  one.disk.set_full(false);
  fill_at_once(*one.writer, 4);
  pw::SqliteConnection other{"/inbox.db", pw::SqliteMode::read_only};
  BOOST_TEST(other.integer("SELECT count(*) FROM page") == pages_each * 5);
  BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
}

BOOST_AUTO_TEST_CASE(full_disk_takes_what_fits_into_the_log) {
  OnForgetfulDisk one{pw::SqliteMode::writer};
  fill_at_once(*one.writer, 10);
  one.writer->copy_log();  // so that the log is begun anew
  fill_at_once(*one.writer, 1);
  one.disk.set_full(true);
  BOOST_CHECK_THROW(fill_at_once(*one.writer, 20), pw::SqliteError);
  fill_at_once(*one.writer, 1);
  pw::SqliteConnection other{"/inbox.db", pw::SqliteMode::read_only};
  BOOST_TEST(other.integer("SELECT count(*) FROM page") == pages_each * 12);
  BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
}

// SQLite may undo the statement that failed and keep those before it, whose pages were in the same piece.
BOOST_AUTO_TEST_CASE(failed_statement_takes_nothing_with_it_that_was_written_before) {
  for (int filled = 1; filled <= 12; ++filled) {
    OnForgetfulDisk one{pw::SqliteMode::writer};
    one.writer->execute("PRAGMA cache_size = 5; CREATE UNIQUE INDEX once ON page (bytes)");
    bool committed = false;
    {
      pw::SqliteTransaction transaction{*one.writer};
      fill(*one.writer, filled);
      one.disk.set_full(true);
      BOOST_CHECK_THROW(one.writer->execute("INSERT OR REPLACE INTO page SELECT randomblob(3900) FROM page"),
                        pw::SqliteError);
      one.disk.set_full(false);
      try {
        transaction.commit();
        committed = true;
      } catch (const pw::SqliteError&) {  // which gave it up
      }
    }
    fill_at_once(*one.writer, 1);
    pw::SqliteConnection other{"/inbox.db", pw::SqliteMode::read_only};
    BOOST_TEST(other.integer("SELECT count(*) FROM page") == pages_each * (1 + (committed ? filled : 0)));
    BOOST_TEST(other.text("PRAGMA integrity_check") == "ok");
  }
}

BOOST_AUTO_TEST_CASE(log_that_cannot_be_opened_is_an_error) {
  TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::ofstream{file}.close();
  std::filesystem::create_directory(file + "-wal");
  pw::SqliteConnection writer{file, pw::SqliteMode::writer};
  BOOST_CHECK_THROW(prepare(writer), pw::SqliteError);
}

BOOST_AUTO_TEST_SUITE_END()
