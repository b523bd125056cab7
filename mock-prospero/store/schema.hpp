// The file of the store: what marks it as ours, its tables, and how an older one is brought up to date.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "store/sqlite.hpp"

namespace mock::store {

inline constexpr std::int64_t application_id = 0x4d505253;  ///< "MPRS", in the file's header
inline constexpr std::int64_t log_bytes_kept = 67'108'864;  ///< a log that grew beyond is cut to it when it starts anew
inline constexpr std::int64_t schema_version = 3;           ///< SQLite's user_version

/// The row of an attempt: that of its delivery times this, plus its place among the delivery's attempts, from 0. One
/// whole number is found and replaced sooner than two.
inline constexpr std::int64_t attempts_per_delivery = 1 << 20;

/// A file that cannot be the store. what() is one line that names the file, the reason, and what to do.
class Unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes the file, mode 0600, and its entry in the folder durable, if there is none. True if it was made.
bool make_file(const std::string& file);

/// Takes the file for this process alone, and sets how it is written. Throws Unusable for a file of another program or
/// of a version that is not known; changes nothing then.
void prepare(Connection& connection, const std::string& file);

/// Makes or updates the tables in a transaction that the caller commits. Null if there is nothing to do.
std::unique_ptr<Transaction> update_tables(Connection& connection);

/// What SQLite's error means for the person who named the file.
Unusable unusable(const std::string& file, const SqliteError& error);

}  // namespace mock::store
