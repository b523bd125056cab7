#include "store/cut_mark.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "store/schema.hpp"

namespace mock::store {
namespace {

std::string mark_of(const std::string& store) {
  return store + "-cut";
}

}  // namespace

void mark_as_cut(const std::string& store, const std::string& why) {
  std::ofstream{mark_of(store)} << why << '\n';
}

void require_uncut(const std::string& store) {
  std::error_code ignored;
  if (!std::filesystem::exists(mark_of(store), ignored)) return;
  throw Unusable{
      fmt::format("--store {0}: was cut short while it was open, as {1} says, and what it held is lost: bring back a "
                  "copy and remove {1}, or name another file",
                  store, mark_of(store))};
}

}  // namespace mock::store
