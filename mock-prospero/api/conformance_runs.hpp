// Runs of the conformance suite against registered webhooks: those under way, each on a thread of its own, and the last
// ones that ended.
#pragma once

#include <boost/json/object.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "api/change_feed.hpp"
#include "api/conformance_run.hpp"
#include "api/suite.hpp"
#include "world/uuid_v1.hpp"

namespace mock::api {

inline constexpr std::size_t runs_kept = 50;
/// More would compete for the machine until the tester is too late to judge.
inline constexpr std::size_t runs_at_once_max = 4;

/// Thread-safe. Everything is kept in memory only. The feed is told `conformance`, with run_json(), when a run begins,
/// after each case, and when it ends. Refused wishes throw world::Refused and change nothing.
class ConformanceRuns {
 public:
  /// Both must outlive this. `seed` makes ids.
  ConformanceRuns(const Suite& suite, ChangeFeed& feed, std::uint64_t seed);
  ~ConformanceRuns();  ///< close()
  ConformanceRuns(const ConformanceRuns&) = delete;
  ConformanceRuns& operator=(const ConformanceRuns&) = delete;

  /// Begins a run and returns it. Refused{invalid} for a wish that cannot be, Refused{conflict} while a run against
  /// that webhook is under way or too many others are; Error 503 after close().
  boost::json::object start(const std::string& webhook_id, const SuiteWish& wish);

  /// `{"items": [...], "next": null}`, newest first; of one webhook, or all.
  boost::json::object list(const std::optional<std::string>& webhook_id) const;
  boost::json::object show(const std::string& id) const;  ///< with its report; Refused{unknown}
  std::string html(const std::string& id) const;          ///< the report as a page; Refused{unknown}

  /// Ends a run and waits for that, which takes 5 s at most; an ended one does not change. Refused{unknown}.
  boost::json::object stop(const std::string& id);

  /// Ends every run, waits for that, and keeps none.
  void forget();
  /// Ends every run, waits for that, and begins none from now on. Idempotent.
  void close();

 private:
  using RunPtr = std::shared_ptr<ConformanceRun>;

  void execute(ConformanceRun& run);
  template <class Change>
  void change(ConformanceRun& run, Change apply);
  void tell(const boost::json::object& shown);
  RunPtr find(const std::string& id) const;
  void require_room_for(const std::string& webhook_id) const;
  std::vector<std::thread> add(RunPtr run);

  const Suite& suite_;
  ChangeFeed& feed_;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::mt19937_64 random_;
  world::UuidV1 ids_;
  std::deque<RunPtr> runs_;  ///< oldest first
  bool closed_ = false;
};

}  // namespace mock::api
