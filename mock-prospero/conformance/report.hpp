// What a run found: the values, and the verdict that follows from them. Each format has its own report_*.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/case.hpp"
#include "delivery/types.hpp"

namespace mock::conformance {

enum class Status : std::uint8_t {
  passed,
  failed,
  skipped,
  advice,  ///< a SHOULD or an ADVICE that does not hold
  error,   ///< the tester could not judge, for instance because it lagged itself
};
std::string_view to_text(Status status);

struct CaseResult {
  const Case* definition = nullptr;
  Strength strength = Strength::must;  ///< in this run
  Status status = Status::skipped;
  std::optional<std::string> actual;  ///< empty if the case did not run
  std::string reason;                 ///< likely cause; why it was skipped; why it could not be judged
  std::string fix;                    ///< what to change; empty unless failed or advice
  std::int64_t ms = 0;
  std::string request;                          ///< the last one, shortened; empty unless failed, advice or error
  std::vector<delivery::Duration> latencies;    ///< of every complete answer, in the order of the pushes
  std::optional<std::string> expected_to_fail;  ///< by the baseline: its reason
  bool level_missing = false;                   ///< skipped, because its level was not available
};

/// The baseline says that it fails, and it does.
bool is_expected_failure(const CaseResult& result);
/// The baseline says that it fails, but it passed: the baseline is out of date, which fails the run.
bool is_unexpected_pass(const CaseResult& result);

/// Why no case could run: the first push got nowhere.
struct Unreached {
  bool refused_by_policy = false;  ///< the address is one that D6 refuses; else there was no TCP connection
  std::string detail;              ///< one line
};

struct Summary {
  std::size_t passed = 0, failed = 0, skipped = 0, advice = 0, error = 0;
  std::size_t level_missing = 0;  ///< of `skipped`
};

struct Report {
  std::string target;  ///< without the secret path
  std::uint64_t seed = 0;
  bool full = false;         ///< every MUST case was judged, and nothing was lifted, narrowed or left out
  bool interrupted = false;  ///< a person ended it: the cases not reached are skipped
  bool under_way = false;    ///< a report of what is known so far
  std::optional<Unreached> unreached;
  std::vector<CaseResult> cases;
};

Summary summarize(const Report& report);

/// The verdict on this case, whatever it is, rests on the consumer's own word.
bool is_self_reported(const CaseResult& result);
inline constexpr std::string_view self_reported = "reported by the consumer itself";

enum class ExitCode : int {
  held = 0,
  failed = 1,
  usage = 2,  ///< wrong arguments, or nothing ran
  unreachable = 3,
  not_judged = 4,  ///< nothing failed, but something could not be judged
  interrupted = 130,
};

/// Skipped cases and advice never change the code, unless nothing ran at all.
ExitCode exit_code(const Report& report);

}  // namespace mock::conformance
