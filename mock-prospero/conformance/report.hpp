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

/// A case of this strength that does not hold is `failed`.
bool can_fail_a_run(Strength strength, bool strict);

struct CaseResult {
  const Case* definition = nullptr;
  Strength strength = Strength::must;  ///< in this run
  Status status = Status::skipped;
  std::optional<std::string> actual;  ///< empty if the case did not run
  std::string reason;                 ///< likely cause; why it was skipped; why it could not be judged
  std::string fix;                    ///< what to change; empty unless failed or advice
  std::int64_t ms = 0;
  std::string request, answer;                  ///< that show it, shortened; empty unless failed, advice or error
  std::vector<delivery::Duration> latencies;    ///< of every complete answer, in the order of the pushes
  std::vector<Status> repetitions;              ///< with --repeat: what each gave
  std::optional<std::string> expected_to_fail;  ///< by the baseline: its reason
  bool rests_on_expected_failure = false;       ///< skipped for a listed case, though its failure would fail the run
  bool level_missing = false;                   ///< skipped, because its level was not available
  bool not_reached = false;                     ///< skipped, because the run ended before it
};

/// Its repetitions gave different results.
bool is_flaky(const CaseResult& result);
/// The baseline says that it fails, and it does.
bool is_expected_failure(const CaseResult& result);
/// The baseline says that it fails, but it passed: the baseline is out of date, which fails the run.
bool is_unexpected_pass(const CaseResult& result);
/// A case that could fail the run, rests on an expected failure and is not expected to fail itself: a baseline excuses
/// what it lists, and nothing that could not be tried because of it. Fails the run.
bool is_unexpected_skip(const CaseResult& result);
/// The baseline says that it fails, but it did not run, so nobody knows.
bool is_untried_expectation(const CaseResult& result);
/// Any of what fails a run.
bool fails_the_run(const CaseResult& result);

/// Why no case could run: the first push got nowhere, or could not be sent.
struct Unreached {
  bool refused_by_policy = false;  ///< the address is one that D6 refuses; else there was no TCP connection
  std::string detail;              ///< one line
  bool no_url = false;             ///< instead: the arguments led to no URL that may be judged
};

/// The consumer took connections at first, and then no more, or its process ended: what remained of the run, if there
/// was something left, was not tried.
struct Gone {
  std::string after;     ///< the id of the last case that found it; empty: none did
  std::string detail;    ///< one line
  bool no_name = false;  ///< the name of its host was not looked up any more
};

struct Summary {
  std::size_t passed = 0, failed = 0, skipped = 0, advice = 0, error = 0;
  std::size_t level_missing = 0;  ///< of `skipped`
  std::size_t flaky = 0;          ///< of all
};

struct Report {
  std::string target;  ///< without the secret path
  std::uint64_t seed = 0;
  bool full = false;         ///< every MUST case was judged, and nothing was lifted, narrowed or left out
  bool interrupted = false;  ///< a person ended it: the cases not reached are skipped
  bool under_way = false;    ///< a report of what is known so far
  bool strict = false;       ///< a SHOULD that does not hold fails the run
  std::optional<Unreached> unreached;
  std::optional<Gone> gone;  ///< fails the run
  std::vector<CaseResult> cases;
};

Summary summarize(const Report& report);

/// The verdict on this case, whatever it is, rests on the consumer's own word.
bool is_self_reported(const CaseResult& result);
inline constexpr std::string_view self_reported = "reported by the consumer itself";

enum class ExitCode : int {
  held = 0,
  failed = 1,
  usage = 2,  ///< wrong arguments, or no case ran that is strong enough to fail the run
  unreachable = 3,
  not_judged = 4,  ///< nothing failed, but something could not be judged, or every MUST left rests on expected failures
  interrupted = 130,
};

/// True if a case passed that would have failed the run, so that something was shown.
bool has_verdict(const Report& report);

/// Advice never changes the code, nor do skipped cases, but for those that rest on an expected failure, and for a run
/// in which nothing passed that could have failed it.
ExitCode exit_code(const Report& report);

}  // namespace mock::conformance
