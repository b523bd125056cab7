// Files that vanish, are cut off, or are put in place of others: no push that was answered 200 goes silently.
#include <prospero/webhooks/receive/inbox.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <vector>

#include "damage_fixture.hpp"
#include "inbox_schema.hpp"
#include "sqlite.hpp"

using namespace receive_test;
using boost::unit_test::label;
namespace fs = std::filesystem;

namespace {

std::string refusal_of(const std::string& file, pw::InboxOptions options = {}) {
  try {
    pw::open_inbox("sqlite:" + file, std::move(options));
  } catch (const pw::InboxError& error) {
    return error.what();
  }
  return "not refused";
}

// What a kill -9 of the consumer leaves.
void copy_as_after_kill(const std::string& from, const std::string& to) {
  for (const char* part : {"", "-wal", ".lock"}) fs::copy_file(from + part, to + part);
}

void store_many(pw::Inbox& inbox, int count, int first = 0) {
  for (int n = first; n < first + count; ++n)
    inbox.store(arrival(std::to_string(n) + std::string(20'000, 'x'), std::to_string(n)),
                [](const pw::StoreResult&) {});
  BOOST_TEST(inbox.probe(std::chrono::seconds{60}).durable());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lost_file)

BOOST_AUTO_TEST_CASE(copy_that_is_put_beside_the_log_of_a_later_file_is_refused_and_left_whole, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), copy = folder.file("copy.db"), crashed = folder.file("crashed.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store_many(*inbox, 20);
    pw::SqliteConnection{file, pw::SqliteMode::read_only}.execute(("VACUUM INTO '" + copy + "'").c_str());
    store_many(*inbox, 1'500);
  }  // all of it is in the file now, so that the log does not hold the whole inbox
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store_many(*inbox, 100, 2'000);
    copy_as_after_kill(file, crashed);
  }
  fs::copy_file(copy, crashed, fs::copy_options::overwrite_existing);
  check_names(refusal_of(crashed), {crashed, "does not fit the log", crashed + "-wal", "away"});
  fs::remove(crashed + "-wal");
  fs::remove(crashed + "-shm");
  BOOST_TEST(pw::open_inbox("sqlite:" + crashed)->counts().pending == 20u);
}

BOOST_AUTO_TEST_CASE(file_that_was_killed_opens_with_all_that_it_held, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), crashed = folder.file("crashed.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store_many(*inbox, 1'500);
    copy_as_after_kill(file, crashed);
  }
  BOOST_TEST(pw::open_inbox("sqlite:" + crashed)->counts().pending == 1'500u);
}

BOOST_AUTO_TEST_CASE(damage_that_is_found_after_a_crash_is_told_in_words_that_name_it) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), crashed = folder.file("crashed.db");
  store(*pw::open_inbox("sqlite:" + file), arrival(std::string(20'000, 'A'), "a"));
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("in the log", "b"));
    copy_as_after_kill(file, crashed);
  }
  damage(crashed, pages_of(crashed, 'A').front(), "\xff\xff\xff\xf0");
  std::vector<std::string> alarms;
  pw::InboxOptions options;
  options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
  BOOST_TEST(pw::open_inbox("sqlite:" + crashed, options)->counts().pending == 2u);
  BOOST_REQUIRE(alarms.size() == 1u);
  check_names(alarms[0], {crashed, "damaged", "invalid page number"});
  BOOST_TEST(alarms[0].find("***") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(file_whose_log_is_there_and_itself_is_gone_or_empty_is_refused, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), crashed = folder.file("crashed.db");
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    BOOST_TEST(store(*inbox, arrival("1")).durable());
    copy_as_after_kill(file, crashed);
  }
  fs::rename(crashed, folder.file("moved.db"));
  check_names(refusal_of(crashed), {crashed + " is missing", crashed + "-wal"});
  std::ofstream{crashed}.flush();
  check_names(refusal_of(crashed), {crashed + " is empty", crashed + "-wal"});
  std::ofstream{crashed} << 'S';
  check_names(refusal_of(crashed), {crashed + " is empty (1 byte)", crashed + "-wal"});
  fs::rename(folder.file("moved.db"), crashed);
  BOOST_TEST(pw::open_inbox("sqlite:" + crashed)->counts().pending == 1u);
}

BOOST_AUTO_TEST_CASE(file_that_was_here_and_is_gone_or_empty_is_not_made_anew, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::open_inbox("sqlite:" + file);
  std::ofstream{file, std::ios::trunc}.flush();
  check_names(refusal_of(file), {file + " is empty (0 bytes)", file + ".lock"});
  std::ofstream{file} << 'S';
  check_names(refusal_of(file), {file + " is empty (1 byte)", file + ".lock"});
  fs::remove(file);
  check_names(refusal_of(file), {file + " is missing", file + ".lock"});
  BOOST_TEST(!fs::exists(file));
  fs::remove(file + ".lock");
  BOOST_TEST(refusal_of(file) == "not refused");
}

// SQLite takes it for an empty file, and would overwrite it.
BOOST_AUTO_TEST_CASE(file_of_one_byte_is_no_inbox) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::ofstream{file} << 'S';
  check_names(refusal_of(file), {file, "not a database", "1 byte"});
  BOOST_TEST(fs::file_size(file) == 1u);
}

BOOST_AUTO_TEST_CASE(pushes_are_refused_once_the_file_or_its_log_was_removed_or_replaced, *label("R3")) {
  for (const char* part : {"", "-wal"}) {
    const TempFolder folder;
    const std::string file = folder.file("inbox.db"), away = folder.file("away");
    const auto inbox = pw::open_inbox("sqlite:" + file);
    BOOST_TEST(store(*inbox, arrival("before")).durable());
    fs::rename(file + part, away);
    for (const bool replaced : {false, true}) {
      if (replaced) fs::copy_file(away, file + part);
      const auto result = store(*inbox, arrival("lost"));
      BOOST_TEST(!result.durable());
      check_names(result.error, {file, "removed or replaced"});
      BOOST_TEST(!inbox->probe(std::chrono::seconds{30}).durable());
    }
    fs::rename(away, file + part);
    BOOST_TEST(store(*inbox, arrival("after")).durable());
  }
}

BOOST_AUTO_TEST_CASE(present_folder_may_change_while_an_inbox_is_open_by_a_relative_name, *label("R3")) {
  const TempFolder folder, elsewhere;
  const fs::path before = fs::current_path();
  fs::current_path(fs::path{folder.file("x")}.parent_path());
  const auto inbox = pw::open_inbox("sqlite:inbox.db");
  fs::current_path(fs::path{elsewhere.file("x")}.parent_path());
  BOOST_TEST(store(*inbox, arrival("after")).durable());
  BOOST_TEST(inbox->counts().pending == 1u);
  BOOST_TEST(fs::is_empty(fs::current_path()));
  fs::rename(folder.file("inbox.db"), folder.file("away"));
  BOOST_TEST(store(*inbox, arrival("lost")).error.starts_with("inbox inbox.db was removed"));
  fs::current_path(before);
}

BOOST_AUTO_TEST_CASE(file_in_use_is_refused_when_its_lock_file_was_removed) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto first = pw::open_inbox("sqlite:" + file);
  fs::remove(file + ".lock");
  check_names(refusal_of(file), {file, "in use by another consumer"});
}

BOOST_AUTO_TEST_CASE(file_with_two_names_is_refused) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), other = folder.file("other.db");
  const auto first = pw::open_inbox("sqlite:" + file);
  fs::create_hard_link(file, other);
  check_names(refusal_of(other), {other, "2 names"});
}

BOOST_AUTO_TEST_CASE(file_that_pushes_cannot_be_stored_in_is_refused_at_the_start) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store_many(*pw::open_inbox("sqlite:" + file), 20);
  damage(file, root_page(file, "body"), std::string(4'096, '\0'));
  check_names(refusal_of(file), {file, "damaged", "-wal, -shm"});
}

BOOST_AUTO_TEST_CASE(probe_fails_when_no_push_could_be_stored) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::open_inbox("sqlite:" + file);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(inbox->probe(std::chrono::seconds{30}).durable());
  BOOST_TEST(inbox->counts().pending == 0u);
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(
      "CREATE TRIGGER damaged BEFORE INSERT ON body BEGIN SELECT raise(ABORT, 'no'); END");
  BOOST_TEST(!inbox->probe(std::chrono::seconds{30}).durable());
}

BOOST_AUTO_TEST_CASE(probe_fails_at_the_size_cap_and_the_start_says_so) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  store_many(*pw::open_inbox("sqlite:" + file), 200);
  pw::InboxOptions options;
  std::vector<std::string> alarms;
  options.size_bytes_max = 2u << 20;
  options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
  const auto inbox = pw::open_inbox("sqlite:" + file, options);
  const auto probed = inbox->probe(std::chrono::seconds{30});
  BOOST_TEST((probed.status == pw::StoreStatus::full));
  BOOST_TEST(probed.error == "the inbox has reached its size cap");
  BOOST_REQUIRE(alarms.size() == 1u);
  check_names(alarms[0], {"of at most 2048 KiB", "pushes get 503 until then"});
}

BOOST_AUTO_TEST_CASE(size_cap_that_holds_no_push_is_refused) {
  const TempFolder folder;
  pw::InboxOptions options;
  options.size_bytes_max = (1u << 20) - 1;
  check_names(refusal_of(folder.file("inbox.db"), options), {"size_bytes_max", "1 MiB"});
}

BOOST_AUTO_TEST_CASE(lock_that_root_makes_belongs_to_the_owner_of_the_inbox) {
  if (::geteuid() != 0) return;  // only root can make files of others
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::open_inbox("sqlite:" + file);
  fs::remove(file + ".lock");
  BOOST_REQUIRE(::chown(file.c_str(), 65534, 65534) == 0);
  pw::open_inbox("sqlite:" + file);
  struct stat lock {};
  BOOST_REQUIRE(::stat((file + ".lock").c_str(), &lock) == 0);
  BOOST_TEST(lock.st_uid == 65534u);
  BOOST_TEST(lock.st_gid == 65534u);

  BOOST_REQUIRE(::chown((file + ".lock").c_str(), 0, 0) == 0);
  BOOST_REQUIRE(::chown(folder.path().c_str(), 65534, 65534) == 0);
  BOOST_REQUIRE(::seteuid(65534) == 0);
  const std::string refused = refusal_of(file);
  BOOST_REQUIRE(::seteuid(0) == 0);
  check_names(refused, {"lock file " + file + ".lock", "Permission denied", "give it to this user"});
}

BOOST_AUTO_TEST_CASE(many_answers_of_503_are_not_forgotten_by_a_stop_on_a_full_disk, *label("X1")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), stopped = folder.file("stopped.db");
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    store(*inbox, arrival("before"));
    fs::copy_file(file, stopped);
    fs::copy_file(file + "-wal", stopped + "-wal");  // of what follows nothing reaches the disk but the lock file
    for (int n = 0; n < 60; ++n) inbox->unstored("orgA", now - std::chrono::seconds{60 - n});
  }
  fs::copy_file(file + ".lock", stopped + ".lock");
  const auto inbox = pw::open_inbox("sqlite:" + stopped);
  const auto gaps = inbox->gaps(now);
  BOOST_REQUIRE(gaps.size() == 1u);
  BOOST_TEST(to_text(gaps[0].reason) == "may_be_disabled");
  BOOST_TEST(gaps[0].source == "orgA");
  BOOST_TEST((gaps[0].from == now - std::chrono::seconds{60}));
  BOOST_TEST(store(*inbox, arrival("after")).durable());
}

BOOST_AUTO_TEST_SUITE_END()
