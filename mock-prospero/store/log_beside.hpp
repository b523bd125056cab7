// SQLite's log of a store is a file beside it. It takes any log that it finds there for that of the file, and plays it
// into a file that it does not belong to.
#pragma once

#include <string>

#include "store/sqlite.hpp"

namespace mock::store {

/// The file that `store` leads to if it is a symbolic link: the log stands beside that one.
std::string without_link(const std::string& store);

std::string log_of(const std::string& store);

/// What to do with a store that cannot be used, as part of a line for people.
std::string bring_back_a_copy(const std::string& store);
/// "STORE-wal and STORE-shm": what has to be away before another file takes the store's place.
std::string log_names(const std::string& store);

/// True if there is something in the log, as after a crash. Throws Unusable if the file then is empty or missing, where
/// SQLite would throw the log away.
bool has_log(const std::string& store);

/// Reads all of the store, as the log makes it. Throws Unusable if the two do not give a whole one; a whole one is no
/// proof that they belong together.
void require_fitting_log(Connection& connection, const std::string& store);

}  // namespace mock::store
