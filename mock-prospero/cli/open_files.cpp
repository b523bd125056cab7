#include "cli/open_files.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace mock::cli {
namespace {

constexpr std::size_t own_files = 32;       // standard streams, store, timers, name look-ups, the listener
constexpr std::size_t part_of_callers = 4;  // a quarter of the limit
constexpr std::size_t callers_max = 512;    // more calls than the API takes at a time

}  // namespace

std::size_t connections_within(std::size_t files) {
  const auto taken = own_files + std::min(files / part_of_callers, callers_max);
  return files > taken ? files - taken : 0;
}

std::size_t raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  auto raised = limit;
  raised.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

std::size_t bounded_connections(std::size_t wanted, std::size_t files, std::string& note) {
  const auto fitting = connections_within(files);
  if (fitting == 0) {
    throw std::runtime_error{fmt::format(
        "{} open files are allowed, too few for one attempt beside the API: raise the limit (ulimit -n 1024)", files)};
  }
  if (fitting >= wanted) return wanted;
  note = fmt::format(
      "note: {} open files are allowed (ulimit -n), so at most {} attempts are under way at a time, not the {} of "
      "--max-connections\n",
      files, fitting, wanted);
  return fitting;
}

}  // namespace mock::cli
