#include "store/cut_mark.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "store/log_beside.hpp"
#include "store/schema.hpp"

namespace mock::store {
namespace {

namespace fs = std::filesystem;

std::string mark_of(const std::string& store) {
  return store + "-cut";
}

bool is_marked(const std::string& store) {
  std::error_code ignored;
  return fs::exists(mark_of(store), ignored);
}

}  // namespace

// The mark first: with it no start takes the store, wherever the log is. On a full disk it is there without its text.
bool mark_as_cut(const std::string& store, const std::string& why) {
  std::ofstream{mark_of(store)} << why << '\n';
  if (!is_marked(store)) return false;
  std::error_code stays;  // every text names the log too
  fs::rename(log_of(store), mark_of(store) + "-wal", stays);
  return true;
}

void require_uncut(const std::string& store) {
  if (!is_marked(store)) return;
  throw Unusable{fmt::format(
      "--store {0}: was cut short while it was open, as {1} says, and what it held is lost: move {2} away if "
      "they are there, then bring back a copy and remove {1}; or name another file",
      store, mark_of(store), log_names(store))};
}

}  // namespace mock::store
