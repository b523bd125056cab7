// What the tests of damaged inbox files share.
#pragma once

#include <fstream>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "sqlite.hpp"
#include "upkeep_fixture.hpp"

namespace receive_test {

inline void check_names(const std::string& message, std::initializer_list<std::string> parts) {
  for (const std::string& part : parts)
    BOOST_TEST(message.find(part) != std::string::npos, "`" << part << "` is not in: " << message);
}

// Overflow pages that are full of `letter`: four bytes name the next one.
inline std::vector<std::int64_t> pages_of(const std::string& file, char letter) {
  std::ifstream in(file, std::ios::binary);
  std::string page(4'096, '\0');
  std::vector<std::int64_t> found;
  for (std::int64_t number = 1; in.read(page.data(), std::ssize(page)); ++number)
    if (page.find_first_not_of(letter, 4) == std::string::npos) found.push_back(number);
  BOOST_REQUIRE(!found.empty());
  return found;
}

// Overwrites the beginning of a page, or what comes after it.
inline void damage(const std::string& file, std::int64_t page, const std::string& bytes, std::int64_t after = 0) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp((page - 1) * 4'096 + after);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  BOOST_REQUIRE(out.good());
}

/// A body that has pages of its own.
inline std::string large_body(char letter) {
  return std::string(20'000, letter);
}

inline std::int64_t root_page(const std::string& file, const std::string& table) {
  pw::SqliteConnection connection{file, pw::SqliteMode::read_only};
  return connection.integer(("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'").c_str());
}

/// Makes the stored bodies unreadable that end in pages full of `letter`.
inline void damage_bodies(const std::string& file, char letter) {
  for (const std::int64_t page : pages_of(file, letter)) damage(file, page, "\xff\xff\xff\xf0");
}

/// Makes the leaves of a table or index unreadable that hold `part`.
inline void damage_leaves(const std::string& file, const std::string& part) {
  constexpr char table_leaf = 0x0d, index_leaf = 0x0a;
  std::ifstream in(file, std::ios::binary);
  std::string page(4'096, '\0');
  bool found = false;
  for (std::int64_t number = 1; in.read(page.data(), std::ssize(page)); ++number) {
    if ((page[0] != table_leaf && page[0] != index_leaf) || page.find(part) == std::string::npos) continue;
    damage(file, number, std::string(8, '\xff'));
    found = true;
  }
  BOOST_REQUIRE(found);
}

// Alarms come on the inbox's own thread.
class Alarms {
 public:
  pw::InboxOptions options() {
    pw::InboxOptions options;
    options.on_alarm = [this](const std::string& what) {
      const std::lock_guard hold{mutex_};
      told_.push_back(what);
    };
    return options;
  }
  std::vector<std::string> told() {
    const std::lock_guard hold{mutex_};
    return told_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> told_;
};

// Rows 1, 2, ... of this state, one for each letter, all of one entity; those of `damaged` cannot be read afterwards.
inline std::unique_ptr<pw::Inbox> open_damaged(const std::string& file, const std::string& letters, InboxState state,
                                               const std::string& damaged, pw::InboxOptions options = {}) {
  {
    const auto inbox = pw::open_inbox("sqlite:" + file);
    for (const char letter : letters) {
      store(*inbox, arrival(large_body(letter), id));
      settle_next(*inbox, state);
    }
  }
  for (const char letter : damaged) damage_bodies(file, letter);
  return pw::open_inbox("sqlite:" + file, std::move(options));
}

}  // namespace receive_test
