// The consumer under test as a process, and what it left behind.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "load.hpp"
#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

namespace soak {

/// The full size of a proof when `./dev soak` asks for it, else the short one.
template <class T>
T amount(T in_short, T in_full) {
  const char* const wish = std::getenv("PROSPERO_SOAK");
  return wish != nullptr && std::string{wish} == "full" ? in_full : in_short;
}

/// How much a consumer may grow: SQLite's caches fill, 32 MiB the writer's. The thread sanitizer keeps several bytes
/// for each, and the address sanitizer keeps what was freed.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t growth_max = 500u << 20;
#else
constexpr std::size_t growth_max = 64u << 20;
#endif

/// soak_consumer on the files `inbox.db` of one folder and `app.db` of another.
class Victim {
 public:
  explicit Victim(const std::string& inbox, const std::string& app, std::vector<std::string> more = {});

  std::uint16_t port() const noexcept { return port_; }
  test_support::ChildProcess& process() noexcept { return process_; }
  void stop();  ///< SIGTERM; checks that it ends with 0, so without a report of a sanitizer

  std::size_t open_files() const;
  std::size_t resident_bytes() const;

 private:
  test_support::ChildProcess process_;
  std::uint16_t port_ = 0;
};

/// What is wrong with the files of a consumer that has stopped.
struct Leftovers {
  std::uint64_t missing = 0;      ///< answered 200, but no row, or no body
  std::uint64_t unprocessed = 0;  ///< rows that are neither processed nor a copy
  std::uint64_t undone = 0;       ///< answered 200, but without an effect
  std::uint64_t repeated = 0;     ///< effects that came more than once
  std::uint64_t rows = 0;
};
Leftovers look_at(const std::string& inbox, const std::string& app, const Answers& answers);

/// Runs the consumer without load until nothing is pending.
void let_finish(const std::string& inbox, const std::string& app);

}  // namespace soak
