#include "inbox_log_copier.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fixture.hpp"
#include "support/forgetful_disk.hpp"

using namespace receive_test;

namespace {

constexpr pw::LogLimits limits{.pass = 200,
                               .many = 800,
                               .rest = 50,
                               .rest_most = 200,
                               .most = 3'000,
                               .wait = std::chrono::seconds{20},
                               .wait_most = std::chrono::seconds{20},
                               .pause = {}};

// A file with a log that nothing copies by itself. One page for each row.
class Logged {
 public:
  explicit Logged(const std::function<void(const std::string&)>& make = [](const auto& file) { std::ofstream{file}; }) {
    make(file);
    writer.emplace(file, pw::SqliteMode::read_write);
    writer->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE page (bytes BLOB)");
    writer->copy_log_only_when_asked();
  }

  void write(int pages) {
    pw::SqliteTransaction transaction{*writer};
    for (int n = 0; n < pages; ++n) writer->execute("INSERT INTO page VALUES (zeroblob(3900))");
    transaction.commit();
  }

  // As the inbox does. Whether it had to wait.
  bool write(int pages, pw::LogCopier& copier) {
    write(pages);
    const bool too_long = copier.keep_short(*writer);
    if (too_long) copier.wait_for_pass();
    return too_long;
  }

  // With what was copied so far.
  std::uintmax_t size() const { return std::filesystem::file_size(file); }

  TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::optional<pw::SqliteConnection> writer;
};

// Reads what is there now, so that nothing after it can be copied.
class Reader {
 public:
  explicit Reader(const std::string& file) : connection_(file, pw::SqliteMode::read_only) { look_.step(); }
  void end() { look_.reset(); }

 private:
  pw::SqliteConnection connection_;
  pw::SqliteStatement look_{connection_, "SELECT count(*) FROM page"};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_copier)

BOOST_AUTO_TEST_CASE(long_log_is_copied_without_the_one_who_writes) {
  Logged one;
  pw::LogCopier copier{one.file, limits};
  const auto before = one.size();
  BOOST_TEST(!one.write(limits.pass, copier));
  copier.wait_for_pass();
  BOOST_TEST(one.size() > before + static_cast<std::uintmax_t>(limits.pass) * 3900);
}

// Or the writer would sync all passes at once, while pushes wait.
BOOST_AUTO_TEST_CASE(pass_syncs_what_it_copied) {
  test_support::ForgetfulDisk disk{"forgetful"};
  const test_support::DefaultLayer all_on_it{"forgetful"};
  Logged one{[&](const std::string& file) { disk.make_file(file); }};
  one.write(limits.pass);
  // SQLite itself syncs only what was copied to the last page, and that is not there yet for whoever reads this state.
  Reader reader{one.file};
  const std::size_t before = disk.changes();
  pw::LogCopier copier{one.file, limits};
  one.write(1, copier);
  copier.wait_for_pass();
  BOOST_TEST(disk.changes() > before + static_cast<std::size_t>(limits.pass));
  BOOST_TEST(disk.unsynced_writes(one.file) == 0u);
}

BOOST_AUTO_TEST_CASE(short_log_stays) {
  Logged one;
  pw::LogCopier copier{one.file, limits};
  const auto before = one.size();
  one.write(limits.pass / 2, copier);
  copier.wait_for_pass();
  BOOST_TEST(one.size() == before);
}

// Of small commits, and of such that bring more at once than the writer copies.
BOOST_AUTO_TEST_CASE(log_that_is_written_to_all_the_time_is_begun_anew) {
  for (const int each : {20, 3 * limits.rest_most}) {
    Logged one;
    pw::LogCopier copier{one.file, limits};
    constexpr int written = 20'000;
    int longest = 0, begun_anew = 0;
    for (int n = 0, last = 0; n < written; n += each, last = one.writer->log_frames()) {
      one.write(each, copier);
      begun_anew += one.writer->log_frames() < last ? 1 : 0;
      longest = std::max(longest, one.writer->log_frames());
    }
    BOOST_TEST_CONTEXT(each) {
      BOOST_TEST(begun_anew >= written / (3 * limits.most));
      BOOST_TEST(longest >= limits.many);
      BOOST_TEST(longest < 3 * limits.most);
    }
  }
}

BOOST_AUTO_TEST_CASE(who_reads_lets_the_log_grow_and_holds_up_no_commit) {
  Logged one;
  pw::LogCopier copier{one.file, limits};
  one.write(1);
  Reader reader{one.file};
  for (const int pages : {limits.many, 1}) {
    one.write(pages, copier);
    copier.wait_for_pass();  // the second one copies nothing
  }
  for (int n = 0; n < 2 * limits.most; n += 100) BOOST_TEST(!one.write(100, copier));
  BOOST_TEST(one.writer->log_frames() > 2 * limits.most);
  BOOST_TEST(copier.should_stay(*one.writer));
  reader.end();
  for (int n = 0; n < 1'000 && one.writer->log_frames() > limits.most; ++n) {
    one.write(1, copier);
    copier.wait_for_pass();
  }
  BOOST_TEST(one.writer->log_frames() < limits.most);
  BOOST_TEST(!copier.should_stay(*one.writer));
}

// One who reads for a moment, as the writer does whose transaction begins, is no reason to pause.
BOOST_AUTO_TEST_CASE(pass_that_copied_less_than_all_is_followed_by_the_next) {
  Logged one;
  pw::LogLimits with_pause = limits;
  with_pause.pause = std::chrono::hours{1};
  pw::LogCopier copier{one.file, with_pause};
  one.write(limits.pass / 2);
  Reader reader{one.file};
  one.write(limits.pass, copier);
  copier.wait_for_pass();
  reader.end();
  one.write(1, copier);
  copier.wait_for_pass();
  BOOST_TEST(one.size() > static_cast<std::uintmax_t>(limits.pass) * 3 / 2 * 3900);
}

// Passes would never leave as little as the writer copies in any case.
BOOST_AUTO_TEST_CASE(writer_copies_what_two_large_commits_brought) {
  Logged one;
  pw::LogCopier copier{one.file, limits};
  constexpr int each = limits.rest_most / 2 - 10;
  one.write(limits.many);
  Reader reader{one.file};
  one.write(each, copier);
  copier.wait_for_pass();
  reader.end();
  one.write(each, copier);
  BOOST_TEST(one.size() > std::uintmax_t{limits.many + 2 * each} * 4'096);
}

// As after passes on a slow disk: a process that is to end has no time for it.
BOOST_AUTO_TEST_CASE(log_stays_that_takes_too_long_to_copy) {
  for (const auto close : {std::chrono::milliseconds{0}, limits.close}) {
    Logged one;
    pw::LogLimits with_close = limits;
    with_close.close = close;
    pw::LogCopier copier{one.file, with_close};
    one.write(limits.pass, copier);
    copier.wait_for_pass();
    one.write(1);
    BOOST_TEST(copier.should_stay(*one.writer) == (close == std::chrono::milliseconds{0}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
