// A disk that does not give what is on it, for a moment: no damage is told of, and no push is given up.
#include <prospero/webhooks/receive/inbox.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <vector>

#include "fixture.hpp"
#include "sqlite.hpp"
#include "support/failing_reads.hpp"
#include "support/forgetful_disk.hpp"

using namespace receive_test;
using boost::unit_test::label;
using test_support::DefaultLayer;
using test_support::FailingReads;
namespace fs = std::filesystem;

namespace {

const auto later = received_at() + std::chrono::hours{1};
constexpr std::size_t page_bytes = 4'096;

struct Disk : FailingReads, DefaultLayer {
  Disk() : FailingReads("failing"), DefaultLayer("failing") {}

  /// Pages of the file or the log, one by one, that hold this much of `letter`.
  void fail_pages_of(char letter, std::size_t count) {
    fail([run = std::string(count, letter)](const std::string&, std::string_view bytes) {
      return bytes.size() == page_bytes && bytes.find(run) != std::string_view::npos;
    });
  }
};

// What SQLite may take beyond what it has.
class MemoryLimit {
 public:
  explicit MemoryLimit(std::int64_t more) { sqlite3_hard_heap_limit64(sqlite3_memory_used() + more + 1); }
  ~MemoryLimit() { sqlite3_hard_heap_limit64(0); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
};

std::string refusal_of(const std::string& file) {
  try {
    pw::open_inbox("sqlite:" + file);
  } catch (const pw::InboxError& error) {
    return error.what();
  }
  return "not refused";
}

void check_told_as_unread(const std::string& message) {
  for (const char* part : {"cannot be read just now", "disk I/O error", "leave its files as they are", "try again"})
    BOOST_TEST(message.find(part) != std::string::npos, "`" << part << "` is not in: " << message);
  for (const char* part : {"damaged", "-wal", "a copy", "***"})
    BOOST_TEST(message.find(part) == std::string::npos, "`" << part << "` is in: " << message);
}

// What a kill -9 leaves: a small body in a leaf and a large one, both in the log and, in part, in the file.
void leave_crashed(const std::string& file) {
  const TempFolder folder;
  const std::string alive = folder.file("inbox.db");
  store(*pw::open_inbox("sqlite:" + alive), arrival(std::string(20'000, 'F'), "f"));
  const auto inbox = pw::open_inbox("sqlite:" + alive);
  store(*inbox, arrival(std::string(2'000, 's'), "s"));
  store(*inbox, arrival(std::string(20'000, 'L'), "l"));
  for (const char* part : {"", "-wal", ".lock"}) fs::copy_file(alive + part, file + part);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unread)

BOOST_AUTO_TEST_CASE(read_error_after_a_crash_refuses_the_start_and_the_next_has_everything, *label("R3")) {
  struct Row {
    char letter;
    std::size_t run;
  };
  for (const Row row : {Row{'s', 1'900}, Row{'L', 4'000}, Row{'F', 4'000}}) {
    BOOST_TEST_CONTEXT("page of " << row.letter) {
      const TempFolder folder;
      const std::string file = folder.file("inbox.db");
      leave_crashed(file);
      Disk disk;
      disk.fail_pages_of(row.letter, row.run);
      check_told_as_unread(refusal_of(file));
      BOOST_TEST(disk.failed() > 0u);
      disk.mend();
      BOOST_TEST(pw::open_inbox("sqlite:" + file)->counts().pending == 3u);
    }
  }
}

BOOST_AUTO_TEST_CASE(lack_of_memory_while_the_file_is_checked_is_no_fault_of_it) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < 20; ++n) store(*inbox, arrival(std::to_string(n) + std::string(20'000, 'x')));
  }
  unsigned without_memory = 0;
  for (int kilobytes = 0; kilobytes < 300; kilobytes += 2) {
    pw::SqliteConnection connection{file, pw::SqliteMode::read_only};
    const MemoryLimit limit{kilobytes * 1'024};
    try {
      BOOST_TEST(connection.fault() == "");
    } catch (const pw::SqliteError& error) {
      BOOST_TEST((error.kind() == pw::SqliteError::Kind::other), error.what());
      ++without_memory;
    }
  }
  BOOST_TEST(without_memory > 10u);
}

BOOST_AUTO_TEST_CASE(read_error_of_the_first_page_is_told_as_one) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store(*pw::open_inbox("sqlite:" + file), arrival("1"));
  Disk disk;
  disk.fail([](const std::string&, std::string_view bytes) { return bytes.starts_with("SQLite format 3"); });
  check_told_as_unread(refusal_of(file));
  disk.mend();
  BOOST_TEST(pw::open_inbox("sqlite:" + file)->counts().pending == 1u);
}

// Else each look for it would pass all that came behind it since.
BOOST_AUTO_TEST_CASE(row_that_the_disk_does_not_give_lets_the_mark_of_those_that_were_passed_follow) {
  constexpr int more_than_a_step = 5'000;
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store(*pw::open_inbox("sqlite:" + file), arrival(std::string(20'000, 'A'), "a"));
  Disk disk;
  const auto inbox = pw::open_inbox("sqlite:" + file);
  disk.fail_pages_of('A', 4'000);
  BOOST_CHECK_THROW(inbox->take(later), pw::InboxError);
  for (int n = 0; n < more_than_a_step; ++n) inbox->store(arrival(std::to_string(n)), [](const pw::StoreResult&) {});
  store(*inbox, arrival("last"));
  while (inbox->take(later)) continue;
  for (const char* body : {"first", "second"}) store(*inbox, malformed(body));  // the writer has come round
  pw::SqliteConnection reader{file, pw::SqliteMode::read_only};
  BOOST_TEST(reader.integer("SELECT value FROM mark WHERE name = 'fresh_from'") > more_than_a_step);
  disk.mend();
  BOOST_TEST(inbox->take(inbox->next_retry_at().value()).value().row.seq == 1u);
}

BOOST_AUTO_TEST_CASE(payload_that_the_disk_does_not_give_stays_pending_and_the_others_go_on, *label("R3")) {
  constexpr int unread = 50;
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (int n = 0; n < unread; ++n)
      store(*inbox, arrival(std::string(20'000, 'A') + std::to_string(n), std::to_string(n)));
    store(*inbox, arrival("next of its entity", "0"));
    store(*inbox, arrival("of another", "b"));
  }
  Disk disk;
  std::vector<std::string> alarms;
  pw::InboxOptions options;
  options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
  const auto inbox = pw::open_inbox("sqlite:" + file, options);
  disk.fail_pages_of('A', 4'000);
  BOOST_TEST(inbox->take(later).value().body == "of another");
  BOOST_TEST(!inbox->take(later));
  BOOST_CHECK_EXCEPTION(inbox->take(inbox->next_retry_at().value()), pw::InboxError, [](const pw::InboxError& error) {
    check_told_as_unread(error.what());
    return true;
  });
  disk.mend();
  const auto again = inbox->next_retry_at().value();
  BOOST_TEST(!inbox->take(again - std::chrono::milliseconds{1}));
  for (int n = 0; n < unread; ++n) {
    const auto taken = inbox->take(again).value();
    BOOST_TEST(taken.body == std::string(20'000, 'A') + std::to_string(n));
    BOOST_TEST(taken.row.tries == 0u);
  }
  BOOST_TEST(!inbox->next_retry_at());
  BOOST_TEST(alarms.empty());
}

BOOST_AUTO_TEST_CASE(payload_that_the_disk_does_not_give_for_a_day_holds_up_its_entity_no_longer) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char letter : {'A', 'B'}) store(*inbox, arrival(std::string(20'000, letter), "a"));
  }
  Disk disk;
  std::vector<std::string> alarms;
  pw::InboxOptions options;
  options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
  const auto inbox = pw::open_inbox("sqlite:" + file, options);
  constexpr std::chrono::hours day{24};
  disk.fail_pages_of('A', 4'000);
  for (const auto& when : {later, later + day - std::chrono::seconds{5}})
    BOOST_CHECK_THROW(inbox->take(when), pw::InboxError);
  BOOST_TEST(alarms.empty());
  BOOST_TEST(inbox->take(later + day).value().row.seq == 2u);
  BOOST_TEST(to_text(inbox->find(1).value().state) == "dead");
  BOOST_TEST(alarms.size() == 1u);
  disk.mend();
  BOOST_TEST(inbox->retry({pw::RowSelection::Kind::dead, {}}).rows == 1u);
}

BOOST_AUTO_TEST_CASE(changes_pass_over_rows_that_the_disk_does_not_give_and_find_them_when_it_is_well) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char letter : {'A', 'B'}) {
      store(*inbox, malformed(std::string(20'000, letter)));
      store(*inbox, arrival(std::string(20'001, letter), std::string(1, letter)));
      inbox->finish(inbox->take(later).value().row.seq, handed(pw::InboxState::dead));
    }
  }
  const pw::RowSelection all_dead{pw::RowSelection::Kind::dead, {}};
  Disk disk;
  const auto inbox = pw::open_inbox("sqlite:" + file);
  disk.fail_pages_of('A', 4'000);
  const auto purged = inbox->purge(later, {}), retried = inbox->retry(all_dead);
  BOOST_TEST(purged.rows == 1u);
  BOOST_TEST(purged.unreadable == 1u);
  BOOST_TEST(retried.rows == 1u);
  BOOST_TEST(retried.unreadable == 1u);
  disk.mend();
  BOOST_TEST(inbox->purge(later, {}).rows == 1u);
  BOOST_TEST(inbox->retry(all_dead).rows == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
