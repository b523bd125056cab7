// The disk of the power-cut tests does what it says.
#include "support/forgetful_disk.hpp"

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <vector>

using test_support::ForgetfulDisk;

namespace {

class File {
 public:
  File() {
    BOOST_TEST_REQUIRE(sqlite3_open_v2("a.db", &handle_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "test-disk") ==
                       SQLITE_OK);
  }
  ~File() { sqlite3_close(handle_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int run(const char* sql) { return sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); }
  int rows() {
    int count = -1;
    const auto take = [](void* to, int, char** values, char**) {
      *static_cast<int*>(to) = std::stoi(values[0]);
      return 0;
    };
    sqlite3_exec(handle_, "SELECT count(*) FROM t", take, &count, nullptr);
    return count;
  }

 private:
  sqlite3* handle_ = nullptr;
};

int rows_after(const char* settings, bool lies) {
  ForgetfulDisk disk{"test-disk"};
  {
    File file;
    file.run(settings);
    file.run("CREATE TABLE t(x); INSERT INTO t VALUES(1)");
    disk.ignore_syncs(lies);
    file.run("INSERT INTO t VALUES(2)");
    disk.cut_after(0);
  }
  disk.power_back(0);
  return File{}.rows();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forgetful_disk)

BOOST_AUTO_TEST_CASE(what_was_synced_survives_in_every_journal_mode) {
  for (const auto* mode : {"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", "PRAGMA synchronous = EXTRA"}) {
    BOOST_TEST(rows_after(mode, false) == 2, mode);
  }
}

BOOST_AUTO_TEST_CASE(what_was_not_synced_is_forgotten) {
  BOOST_TEST(rows_after("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", false) < 2);
  BOOST_TEST(rows_after("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", true) == 1);
}

BOOST_AUTO_TEST_CASE(without_power_everything_fails) {
  ForgetfulDisk disk{"test-disk"};
  File file;
  BOOST_TEST(file.run("CREATE TABLE t(x)") == SQLITE_OK);
  disk.cut_after(0);
  BOOST_TEST(disk.is_cut());
  BOOST_TEST(file.run("INSERT INTO t VALUES(1)") != SQLITE_OK);
  disk.power_back(0);
  BOOST_TEST(!disk.is_cut());
  BOOST_TEST(file.run("INSERT INTO t VALUES(1)") != SQLITE_OK);  // a connection from before
}

BOOST_AUTO_TEST_CASE(a_full_disk_refuses_growth_and_takes_it_again) {
  ForgetfulDisk disk{"test-disk"};
  File file;
  file.run("CREATE TABLE t(x)");
  disk.set_full(true);
  BOOST_TEST(file.run("INSERT INTO t VALUES(zeroblob(100000))") == SQLITE_FULL);
  disk.set_full(false);
  BOOST_TEST(file.run("INSERT INTO t VALUES(zeroblob(100000))") == SQLITE_OK);
}

BOOST_AUTO_TEST_CASE(two_connections_keep_each_other_out_while_one_writes) {
  ForgetfulDisk disk{"test-disk"};
  File one;
  one.run("PRAGMA journal_mode = WAL; CREATE TABLE t(x)");
  File two;
  BOOST_TEST(one.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(1)") == SQLITE_OK);
  BOOST_TEST(two.rows() == 0);
  BOOST_TEST(two.run("INSERT INTO t VALUES(2)") == SQLITE_BUSY);
  BOOST_TEST(one.run("COMMIT") == SQLITE_OK);
  BOOST_TEST(two.rows() == 1);
  BOOST_TEST(two.run("INSERT INTO t VALUES(2)") == SQLITE_OK);
}

BOOST_AUTO_TEST_SUITE_END()
