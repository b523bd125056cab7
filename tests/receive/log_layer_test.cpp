// What a writer puts into the log comes to the file in large pieces, and others see just what they would see without.
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

std::size_t changes_for_80_pages(pw::SqliteMode mode) {
  OnForgetfulDisk one{mode};
  const std::size_t before = one.disk.changes();
  fill_at_once(*one.writer, 10);
  return one.disk.changes() - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(log_layer)

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
