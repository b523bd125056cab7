#include "store/log_beside.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "store/schema.hpp"
#include "store/words.hpp"

namespace mock::store {
namespace {

namespace fs = std::filesystem;

bool holds_bytes(const std::string& file) {
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  return !missing && size > 0;
}

std::string fault_of(Connection& connection) {
  try {
    const auto found = connection.text("PRAGMA integrity_check(1)");
    return found == "ok" ? std::string{} : found;
  } catch (const SqliteError& error) {
    return error.what();
  }
}

}  // namespace

std::string without_link(const std::string& store) {
  std::error_code error;
  if (!fs::is_symlink(store, error)) return store;
  const auto target = fs::canonical(store, error);
  return error ? store : target.string();
}

std::string log_of(const std::string& store) {
  return store + "-wal";
}

std::string log_names(const std::string& store) {
  return fmt::format("{0}-wal and {0}-shm", store);
}

std::string bring_back_a_copy(const std::string& store) {
  return fmt::format("move {} away if they are there, then bring back a copy; or name another file", log_names(store));
}

bool has_log(const std::string& store) {
  if (!holds_bytes(log_of(store))) return false;
  if (holds_bytes(store)) return true;
  throw Unusable{fmt::format(
      "--store {}: is empty or missing, but its log {} is there: put back the file that it belongs to; or {}", store,
      log_of(store), bring_back_a_copy(store))};
}

void require_fitting_log(Connection& connection, const std::string& store) {
  const auto fault = fault_of(connection);
  if (fault.empty()) return;
  throw Unusable{fmt::format("--store {}: is damaged, or a copy that does not belong to the log {} ({}): {}", store,
                             log_of(store), shown(fault), bring_back_a_copy(store))};
}

}  // namespace mock::store
