// Files that cannot be the store are refused in one line that says why, and are left as they are.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "mock.hpp"
#include "store/schema.hpp"
#include "store/sqlite_store.hpp"
#include "support/temp_folder.hpp"

using mock::store::open_sqlite;
using mock::store::Unusable;
using store_test::run_sql;
using test_support::TempFolder;

namespace {

std::string content(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string refusal(const std::string& file) {
  try {
    const auto store = open_sqlite(file);
    store->load_world();
    store->load_deliveries([](const auto&) {});
  } catch (const Unusable& error) {
    return error.what();
  }
  return "accepted";
}

void expect(const std::string& refused, const std::string& part) {
  BOOST_TEST(refused.find(part) != std::string::npos, refused << " should say: " << part);
  BOOST_TEST(refused.find('\n') == std::string::npos);
}

void fill(const std::string& file) {
  const auto store = open_sqlite(file);
  store_test::Mock mock{*store, 7};
  for (int i = 0; i < 300; ++i) {
    mock.change();
    mock.keep();
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_is_left_alone) {
  const TempFolder folder;
  for (const std::size_t size : {1, 2, 99, 300}) {
    const std::string diary(size, 'x');
    std::ofstream{folder.file("s.db")} << diary;
    expect(refusal(folder.file("s.db")), "is no SQLite database");
    BOOST_TEST(content(folder.file("s.db")) == diary);
  }
}

BOOST_AUTO_TEST_CASE(a_database_of_another_program_is_left_alone) {
  const TempFolder folder;
  run_sql(folder.file("s.db"), "CREATE TABLE recipes(name)");
  const auto before = content(folder.file("s.db"));
  expect(refusal(folder.file("s.db")), "belongs to another program");
  BOOST_TEST(content(folder.file("s.db")) == before);
}

BOOST_AUTO_TEST_CASE(a_store_of_a_newer_version_is_refused) {
  const TempFolder folder;
  fill(folder.file("s.db"));
  run_sql(folder.file("s.db"), ("PRAGMA user_version = " + std::to_string(mock::store::schema_version + 1)).c_str());
  expect(refusal(folder.file("s.db")), "written by a newer mock-prospero");
}

BOOST_AUTO_TEST_CASE(a_version_that_never_was_is_refused) {
  const TempFolder folder;
  fill(folder.file("s.db"));
  for (const char* version : {"-1", "0"}) {
    run_sql(folder.file("s.db"), (std::string("PRAGMA user_version = ") + version).c_str());
    expect(refusal(folder.file("s.db")), std::string("is damaged (no version ") + version);
  }
}

// An older program can still be asked about it.
BOOST_AUTO_TEST_CASE(a_damaged_store_stays_as_it_was_found) {
  for (const bool old : {false, true}) {
    const TempFolder folder;
    const auto file = folder.file("s.db");
    fill(file);
    if (old) store_test::rewrite_as_first_version(file);
    run_sql(file, "UPDATE attempts SET outcome = 'lingering'");
    const auto before = content(file);
    expect(refusal(file), "is damaged (unknown word 'lingering')");
    BOOST_TEST((content(file) == before), "old " << old);
  }
}

BOOST_AUTO_TEST_CASE(a_store_in_use_is_refused) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  expect(refusal(folder.file("s.db")), "in use by another process");
}

BOOST_AUTO_TEST_CASE(a_damaged_store_is_refused) {
  const TempFolder folder;
  fill(folder.file("s.db"));
  {
    std::fstream file{folder.file("s.db"), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(4096);
    const std::string noise(std::filesystem::file_size(folder.file("s.db")) - 4096, '\x5a');
    file << noise;
  }
  expect(refusal(folder.file("s.db")), "is damaged");
}

BOOST_AUTO_TEST_CASE(rows_with_unknown_words_are_refused) {
  const TempFolder folder;
  fill(folder.file("s.db"));
  run_sql(folder.file("s.db"), "UPDATE deliveries SET state_unless_ok = 'lingering'");
  expect(refusal(folder.file("s.db")), "is damaged (unknown word 'lingering')");
}

BOOST_AUTO_TEST_CASE(rows_that_no_version_writes_are_refused_and_named) {
  const std::pair<const char*, const char*> rows[] = {
      {"UPDATE state SET value = 'noon' WHERE key = 'now'", "is damaged ('value' of a row is no whole number)"},
      {"DELETE FROM state WHERE key = 'now'", "is damaged (its state has no now)"},
      {"UPDATE deliveries SET state_unless_ok = CAST(x'1b5b32' AS TEXT)", "is damaged (unknown word '?[2')"},
      {"UPDATE deliveries SET created_at = 7.5", "is damaged ('created_at' of a row is no whole number)"},
      {"DELETE FROM deliveries WHERE seq = 1", "is damaged (a delivery is missing)"},
      {"DELETE FROM deliveries WHERE seq = (SELECT max(seq) FROM deliveries)",
       "is damaged (an attempt belongs to no delivery)"},
      {"UPDATE entities SET body = '{\"a\":'", "is damaged (a value is missing here (byte 5))"},
      {"UPDATE entities SET body = '[]'", "is damaged (the body of an entity is no object with an id)"},
  };
  for (const auto& [sql, part] : rows) {
    const TempFolder folder;
    fill(folder.file("s.db"));
    run_sql(folder.file("s.db"), sql);
    expect(refusal(folder.file("s.db")), part);
    expect(refusal(folder.file("s.db")), folder.file("s.db"));
  }
}

BOOST_AUTO_TEST_CASE(a_webhook_that_is_gone_is_refused_with_the_name_of_the_file) {
  const TempFolder folder;
  fill(folder.file("s.db"));
  run_sql(folder.file("s.db"), "DELETE FROM webhooks");
  const auto store = open_sqlite(folder.file("s.db"));
  BOOST_CHECK_EXCEPTION((store_test::Mock{*store, 7}), Unusable, [&](const Unusable& error) {
    const std::string text = error.what();
    return text.find(folder.file("s.db") + ": is damaged (no webhook ") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused) {
  const TempFolder folder;
  expect(refusal("/dev/null"), "is no regular file");
  expect(refusal(folder.file(".")), "is no regular file");
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named) {
  const TempFolder folder;
  expect(refusal(folder.file("missing/s.db")), "No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_file_made_by_a_crash_before_its_first_commit_is_a_new_store) {
  const TempFolder folder;
  std::ofstream{folder.file("s.db")};
  BOOST_TEST(refusal(folder.file("s.db")) == "accepted");
}

BOOST_AUTO_TEST_SUITE_END()
