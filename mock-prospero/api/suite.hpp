// The conformance suite as the API uses it. The real one reaches consumers over the network; tests script one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/explanation.hpp"
#include "conformance/run.hpp"

namespace mock::api {

/// What to judge, and how: the flags of `mock-prospero conform` that a caller of the API may choose.
struct SuiteWish {
  std::string url;                      ///< of the webhook, complete with the secret path
  std::string org_id;                   ///< that the entities carry
  std::vector<std::string> events{};    ///< known webhook events that the webhook listens to (S2); empty: all nine
  std::vector<std::string> only{};      ///< ids, clauses, clause letters; empty: all
  std::vector<std::string> skip{};      ///< the same
  bool strict = false;                  ///< a SHOULD that does not hold fails
  bool disruptive = false;              ///< cases that may disturb a real system run also elsewhere than on loopback
  std::optional<std::uint64_t> seed{};  ///< without it a new one
};

/// A run that can begin.
struct PreparedRun {
  conformance::Plan plan;
  conformance::ReportContext context;
};

/// Thread-safe.
class Suite {
 public:
  virtual ~Suite() = default;

  /// Throws conformance::UnmatchedFilter for `only` and `skip`, and std::invalid_argument, in one line without the path
  /// of the URL, for whatever else cannot be.
  virtual PreparedRun prepare(const SuiteWish& wish) const = 0;

  /// The whole run, on the calling thread and on the real clock; ends soon after `interrupted` has become true. What it
  /// throws has one line without the path of the URL.
  virtual conformance::Report run(const conformance::Plan& plan, const conformance::Progress& progress,
                                  const std::function<bool()>& interrupted) const = 0;
};

}  // namespace mock::api
