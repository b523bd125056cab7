/// @file
/// What may have been missed: computed from the times at which this consumer was up and the answers it gave.
///
/// Prospero tries a push at t, t + 1 min, t + 1 h 1 min and t + 7 h 1 min, and gives up (R1, R2, R4). So a push is lost
/// only if all four instants fell into times when the consumer was down or answered 503. Beside that, Prospero may have
/// disabled a webhook (X1) after many failed attempts; then nothing comes from it until somebody enables it again (X4),
/// and nothing tells the consumer but silence. Webhooks are told apart by Hook::label, their source.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// Milliseconds are what is kept.
using InboxTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// A time with a beginning and an end.
struct Span {
  InboxTime from;  ///< the first instant
  InboxTime to;    ///< the first instant after it

  /// Equal when both ends are.
  friend bool operator==(const Span&, const Span&) = default;
};

/// Why pushes may have been missed.
enum class GapReason : std::uint8_t {
  down,             ///< every attempt of a push first tried then fell into down times (R4)
  may_be_disabled,  ///< unknown: the webhook of `source` may have been disabled then (X1)
};

/// @param reason either
/// @return "down" or "may_be_disabled"; the view lives forever
std::string_view to_text(GapReason reason) noexcept;
/// @param text what to_text() gives
/// @return nothing for any other text
std::optional<GapReason> gap_reason_from_text(std::string_view text) noexcept;

/// A span in which pushes may have been missed: list the entities that changed since `from` in Prospero's API.
struct Gap {
  std::uint64_t id = 0;                ///< counts from 1; 0 for one that is not written down yet
  InboxTime from;                      ///< the first instant
  InboxTime to;                        ///< the first instant after it
  GapReason reason = GapReason::down;  ///< why
  bool told = false;                   ///< WorkerOptions::on_gap has returned for it
  std::string source{};                ///< Hook::label, for may_be_disabled; it may be empty

  /// Equal when all members are.
  friend bool operator==(const Gap&, const Gap&) = default;
};

/// What is taken for a gap.
struct GapRules {
  std::chrono::milliseconds attempt_max{5'000};  ///< how long an attempt may take (D4)
  std::array<std::chrono::milliseconds, 3> retry_delays{std::chrono::minutes{1}, std::chrono::hours{1},
                                                        std::chrono::hours{6}};  ///< R1
  unsigned failures_max = 20;  ///< so many 503 in a row may disable the webhook (X2); 0: never
  std::chrono::milliseconds silence_max{std::chrono::hours{24}};  ///< no push for so long may mean it too; 0: never
};

/// @param rules the delays
/// @return from the first attempt to the last, all taking no time: 7 h 1 min
std::chrono::milliseconds last_retry_after(const GapRules& rules = {}) noexcept;

// Spans as sets of instants: sorted, apart from each other. All pure.

/// @param spans in any order, overlapping or not
/// @return the same instants, sorted, apart from each other
std::vector<Span> normalized(std::vector<Span> spans);
/// @param a normalized
/// @param b normalized
/// @return what is in both
std::vector<Span> intersection(const std::vector<Span>& a, const std::vector<Span>& b);
/// @param a normalized
/// @param b normalized
/// @return what is in `a` and not in `b`
std::vector<Span> difference(const std::vector<Span>& a, const std::vector<Span>& b);

/// The instants at which a push may have been tried first and then lost, when `down` are the times in which attempts
/// failed. An attempt that is under way when a down time begins fails with it, and the later attempts come later by
/// what the earlier ones took, so a span may begin a few seconds before the down time. Pure.
/// @param down normalized
/// @param rules the delays, and what an attempt may take
/// @return normalized
std::vector<Span> lost_spans(const std::vector<Span>& down, const GapRules& rules = {});

/// What is remembered of one source to notice that its webhook may have been disabled.
struct SilenceState {
  std::optional<InboxTime> last_push_at;     ///< of the last push that was stored; what is kept aside is none
  std::optional<InboxTime> reported_to;      ///< end of the gap that was reported last, while it lasts
  std::optional<InboxTime> first_failed_at;  ///< the first 503 of the present row of them
  unsigned failed_in_row = 0;                ///< 503s since the last push that was stored
  std::optional<Span> ended;                 ///< from many 503s in a row to the push after them, not reported yet

  /// Equal when all members are.
  friend bool operator==(const SilenceState&, const SilenceState&) = default;
};

/// By source.
using SilenceStates = std::map<std::string, SilenceState, std::less<>>;

/// A push was answered 503. Pure but for `state`.
/// @param state what is remembered
/// @param at wall clock, of the answer
void note_failure(SilenceState& state, InboxTime at) noexcept;
/// A push was stored, which ends a row of 503s: many of them are then left to be reported. Pure but for `state`.
/// @param state what is remembered
/// @param at wall clock, when it came
/// @param rules how many failures
void note_push(SilenceState& state, InboxTime at, const GapRules& rules = {});

/// The span to report at `now` as may_be_disabled, if any; `state` is brought up to date. Many 503s are reported while
/// they last or after they have ended; a silence when it has lasted `silence_max`, again each time it has lasted as
/// long again, and once more when it ends. One span at a time; another may follow at the next call. What lies
/// after `now` is of a clock that was ahead and is set back: it is taken for `now`, and what was reported up to then
/// may be reported again. Pure but for `state`.
/// @param state what is remembered
/// @param now wall clock
/// @param rules how many failures, how long a silence
/// @return nothing when there is nothing to report
std::optional<Span> judge_silence(SilenceState& state, InboxTime now, const GapRules& rules = {});

}  // namespace prospero::webhooks

#pragma GCC visibility pop
