#include "inbox_file.hpp"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <prospero/webhooks/receive/inbox.hpp>

#include "fixture.hpp"
#include "sqlite.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

std::string refusal_of(const std::string& url) {
  try {
    pw::open_inbox(url);
  } catch (const pw::InboxError& error) {
    return error.what();
  }
  return "";
}

std::string view_refusal_of(const std::string& url) {
  try {
    pw::open_inbox_view(url);
  } catch (const pw::InboxError& error) {
    return error.what();
  }
  return "";
}

void check_names(const std::string& message, std::initializer_list<std::string> parts) {
  for (const std::string& part : parts)
    BOOST_TEST(message.find(part) != std::string::npos, "`" << part << "` is not in: " << message);
  BOOST_TEST(message.find('\n') == std::string::npos);
}

mode_t mode_of(const std::string& file) {
  struct stat found {};
  BOOST_REQUIRE(::stat(file.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

void make_database(const std::string& file, const char* sql) {
  pw::ensure_inbox_file(file);
  pw::SqliteConnection{file, pw::SqliteMode::read_write}.execute(sql);
}

// As another user than root, for whom every file is writable.
class Unprivileged {
 public:
  Unprivileged() {
    if (was_root_) BOOST_REQUIRE(::seteuid(65534) == 0);
  }
  ~Unprivileged() {
    if (was_root_ && ::seteuid(0) != 0) std::abort();
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  const bool was_root_ = ::geteuid() == 0;
};

// Every file that grows past `bytes` fails to, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_DFL);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

// While it lives no thread can be made: there is no room for a stack of the size that each would have.
class NoThreads {
 public:
  NoThreads() {
    BOOST_REQUIRE(pthread_getattr_default_np(&before_) == 0);
    pthread_attr_t immense;
    pthread_attr_init(&immense);
    pthread_attr_setstacksize(&immense, std::size_t{1} << 47);
    BOOST_TEST(pthread_setattr_default_np(&immense) == 0);
    pthread_attr_destroy(&immense);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox_file)

BOOST_AUTO_TEST_CASE(unknown_scheme_is_refused_naming_the_known_ones_and_no_password) {
  const std::string message = refusal_of("postgres://app:geheim@host/db");
  check_names(message, {"postgres", "sqlite:FILE", "memory:"});
  BOOST_TEST(message.find("geheim") == std::string::npos);
  check_names(refusal_of("inbox.db"), {"inbox.db", "sqlite:FILE"});
  check_names(refusal_of("sqlite:"), {"names no file"});
}

BOOST_AUTO_TEST_CASE(unusable_file_is_refused_with_its_name_and_advice) {
  const TempFolder folder;
  const std::string nowhere = folder.file("missing/inbox.db");
  check_names(refusal_of("sqlite:" + nowhere), {nowhere, "make its folder"});

  const std::string is_folder = folder.file("folder");
  std::filesystem::create_directory(is_folder);
  check_names(refusal_of("sqlite:" + is_folder), {is_folder, "not a folder"});

  const std::string text = folder.file("text.db");
  std::ofstream{text} << std::string(5'000, 'x');
  check_names(refusal_of("sqlite:" + text), {text, "not a database", "name another file"});
}

BOOST_AUTO_TEST_CASE(lack_of_threads_is_told_with_advice, *label("unsanitized")) {
  const TempFolder folder;
  for (const std::string& url : {std::string{"memory:"}, "sqlite:" + folder.file("inbox.db")}) {
    std::string refusal;
    {
      const NoThreads none;
      refusal = refusal_of(url);
    }
    check_names(refusal, {"inbox ", "thread", "ulimit -u"});
    BOOST_TEST(refusal_of(url) == "");
  }
}

BOOST_AUTO_TEST_CASE(payloads_in_a_file_that_others_may_read_become_the_owners_alone) {
  using std::filesystem::perms;
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::open_inbox("sqlite:" + file);
  std::filesystem::permissions(file, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(store(*inbox, arrival("{}")).durable());
  for (const std::string& one : {file, file + "-wal", file + "-shm"})
    BOOST_TEST((std::filesystem::status(one).permissions() == (perms::owner_read | perms::owner_write)), one);
}

BOOST_AUTO_TEST_CASE(database_of_another_program_is_refused_and_left_alone) {
  const TempFolder folder;
  const std::string file = folder.file("app.db");
  make_database(file, "CREATE TABLE customer (name TEXT)");
  check_names(refusal_of("sqlite:" + file), {file, "another program"});
  pw::SqliteConnection connection{file, pw::SqliteMode::read_only};
  BOOST_TEST(connection.integer("SELECT count(*) FROM sqlite_schema") == 1);
  BOOST_TEST(connection.text("PRAGMA journal_mode") == "delete");
}

BOOST_AUTO_TEST_CASE(newer_schema_is_refused) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  pw::open_inbox("sqlite:" + file);
  make_database(file, "PRAGMA user_version = 999");
  check_names(refusal_of("sqlite:" + file), {file, "newer version", "999"});
}

BOOST_AUTO_TEST_CASE(second_consumer_is_refused_while_the_first_is_open) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    const auto first = pw::open_inbox("sqlite:" + file);
    check_names(refusal_of("sqlite:" + file), {file, "in use by another consumer", file + ".lock"});
    BOOST_TEST(store(*first, arrival("the first one is unharmed")).durable());
  }
  BOOST_TEST(refusal_of("sqlite:" + file) == "");
}

BOOST_AUTO_TEST_CASE(file_in_use_is_refused_under_another_name_too) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const std::string other = folder.file("link.db");
  const auto first = pw::open_inbox("sqlite:" + file);
  std::filesystem::create_symlink(file, other);
  check_names(refusal_of("sqlite:" + other), {other, "in use by another consumer"});
}

BOOST_AUTO_TEST_CASE(file_that_this_user_may_not_write_is_refused) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  std::ofstream{file}.flush();
  std::ofstream{file + ".lock"}.flush();
  ::chmod(folder.file("").c_str(), 0755);
  ::chmod(file.c_str(), 0444);
  ::chmod((file + ".lock").c_str(), 0666);
  const Unprivileged nobody;
  check_names(refusal_of("sqlite:" + file), {file, "Permission denied", "write access"});
}

BOOST_AUTO_TEST_CASE(look_at_a_file_whose_folder_cannot_be_written_advises_to_copy_it) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db"), advice = "into a folder that can be written";
  pw::open_inbox("sqlite:" + file);
  ::chmod(folder.file("").c_str(), 0555);
  ::chmod(file.c_str(), 0444);
  {
    const Unprivileged nobody;
    check_names(view_refusal_of("sqlite:" + file), {file + "-shm", file + "-wal", advice});
  }
  ::chmod(file.c_str(), 0000);
  {
    const Unprivileged nobody;
    BOOST_TEST(view_refusal_of("sqlite:" + file).find(advice) == std::string::npos);
  }
  ::chmod(folder.file("").c_str(), 0755);
}

BOOST_AUTO_TEST_CASE(every_file_is_private_to_its_user) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  store(*inbox, arrival("1"));
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) BOOST_TEST(mode_of(file + suffix) == 0600u);
}

BOOST_AUTO_TEST_CASE(full_disk_fails_the_store_and_heals_by_itself) {
  const TempFolder folder;
  const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"));
  BOOST_TEST(store(*inbox, arrival("before")).durable());
  {
    const FileSizeLimit full{1024};
    const auto failed = store(*inbox, arrival(std::string(100'000, 'x')));
    BOOST_TEST((failed.status == pw::StoreStatus::failed));
    check_names(failed.error, {"inbox.db", "its files may not grow", "ulimit -f"});
    BOOST_TEST(!inbox->probe(std::chrono::seconds{30}).durable());
    BOOST_TEST(inbox->counts().pending == 1u);
  }
  BOOST_TEST(store(*inbox, arrival("after")).durable());
  BOOST_TEST(inbox->probe(std::chrono::seconds{30}).durable());
  BOOST_TEST(inbox->counts().pending == 2u);
}

BOOST_AUTO_TEST_CASE(lock_of_another_program_fails_the_store_with_advice) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  {
    pw::SqliteConnection other{file, pw::SqliteMode::read_write};
    const pw::SqliteTransaction held{other};
    check_names(store(*inbox, arrival("1")).error, {file, "locked by another program", "fuser"});
  }
  BOOST_TEST(store(*inbox, arrival("2")).durable());
}

BOOST_AUTO_TEST_SUITE_END()
