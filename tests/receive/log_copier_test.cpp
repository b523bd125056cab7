#include "inbox_log_copier.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fixture.hpp"
#include "support/forgetful_disk.hpp"

using namespace receive_test;

namespace {

constexpr int frames_for_a_pass = 2'000, frames_too_many = 16'000, frames_of_rest = 500;

// A file with a log that nothing copies by itself. One page for each row.
class Logged {
 public:
  explicit Logged(const std::function<void(const std::string&)>& make = [](const auto& file) { std::ofstream{file}; }) {
    make(file);
    writer.emplace(file, pw::SqliteMode::read_write);
    writer->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE page (bytes BLOB)");
    writer->copy_log_only_when_asked();
  }

  void write(int pages, pw::LogCopier* copier) {
    {
      pw::SqliteTransaction transaction{*writer};
      for (int n = 0; n < pages; ++n) writer->execute("INSERT INTO page VALUES (zeroblob(3900))");
      transaction.commit();
    }
    if (copier != nullptr) copier->keep_short(*writer);
  }

  std::uintmax_t size() const { return std::filesystem::file_size(file); }

  TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::optional<pw::SqliteConnection> writer;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(log_copier)

BOOST_AUTO_TEST_CASE(long_log_is_copied_without_the_one_who_writes) {
  Logged one;
  const auto before = one.size();
  {
    pw::LogCopier copier{one.file};
    one.write(frames_for_a_pass, &copier);
  }
  BOOST_TEST(one.size() > before + frames_for_a_pass * 3900);
}

// Or the writer would sync all passes at once, while pushes wait.
BOOST_AUTO_TEST_CASE(pass_syncs_what_it_copied) {
  test_support::ForgetfulDisk disk{"forgetful"};
  const test_support::DefaultLayer all_on_it{"forgetful"};
  Logged one{[&](const std::string& file) { disk.make_file(file); }};
  one.write(frames_for_a_pass, nullptr);
  // SQLite itself syncs only what was copied to the last page, and that is not there yet for whoever reads this state.
  pw::SqliteConnection reader{one.file, pw::SqliteMode::read_only};
  pw::SqliteStatement look{reader, "SELECT count(*) FROM page"};
  look.step();
  const std::size_t before = disk.changes();
  {
    pw::LogCopier copier{one.file};
    one.write(1, &copier);
  }
  BOOST_TEST(disk.changes() > before + frames_for_a_pass);
  BOOST_TEST(disk.unsynced_writes(one.file) == 0u);
}

BOOST_AUTO_TEST_CASE(short_log_stays) {
  Logged one;
  const auto before = one.size();
  {
    pw::LogCopier copier{one.file};
    one.write(frames_for_a_pass / 2, &copier);
  }
  BOOST_TEST(one.size() == before);
}

BOOST_AUTO_TEST_CASE(log_that_is_written_to_all_the_time_is_begun_anew) {
  Logged one;
  pw::LogCopier copier{one.file};
  constexpr int written = 30'000, each = 50;
  int longest = 0;
  for (int n = 0; n < written; n += each) {
    one.write(each, &copier);
    longest = std::max(longest, one.writer->log_frames());
  }
  BOOST_TEST(longest > frames_for_a_pass);
  BOOST_TEST(longest < 2 * frames_too_many);
}

BOOST_AUTO_TEST_CASE(log_is_copied_when_passes_cannot) {
  Logged one;
  pw::LogCopier copier{one.file};
  // Somebody reads an old state, so nothing after it can be copied.
  pw::SqliteConnection reader{one.file, pw::SqliteMode::read_only};
  pw::SqliteStatement look{reader, "SELECT count(*) FROM page"};
  for (int n = 0; n < frames_too_many + 2'000; n += 1'000) {
    one.write(1'000, &copier);
    if (n == 0) look.step();
  }
  BOOST_TEST(one.writer->log_frames() > frames_too_many);
  look.reset();
  for (int n = 0; n < 100 && one.writer->log_frames() > frames_too_many; ++n) one.write(frames_of_rest + 1, &copier);
  BOOST_TEST(one.writer->log_frames() < frames_too_many);
}

BOOST_AUTO_TEST_SUITE_END()
