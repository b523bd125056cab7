#include "inbox_log_copier.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "fixture.hpp"

using namespace receive_test;

namespace {

constexpr int frames_for_a_pass = 2'000, frames_too_many = 24'000;

// A file with a log that nothing copies by itself. One page for each row.
class Logged {
 public:
  Logged() {
    std::ofstream{file}.close();
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
  BOOST_TEST(longest < frames_too_many + 10 * each);
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
  one.write(1, &copier);
  one.write(1, &copier);
  BOOST_TEST(one.writer->log_frames() < 10);
}

BOOST_AUTO_TEST_SUITE_END()
