// The words of a delivery: instants, attempts, outcomes. Plain values, no behaviour beyond their text forms.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mock::delivery {

/// Wall-clock instants of the contract, on the real or the virtual clock.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

using WebhookId = std::string;   ///< UUID text, as the API shows it
using DeliveryId = std::string;  ///< UUID text, as the API shows it

/// How one attempt ended. Only `ok` is success (D3); `interrupted` is neither success nor failure (G5).
enum class Outcome : std::uint8_t {
  ok,               ///< status 200, response complete, in time (D3, D4)
  bad_status,       ///< any other final status (D3)
  timeout,          ///< still unfinished 5 s after the start, whatever the phase (D4)
  unreachable,      ///< name unknown, refused, reset, closed before the response was complete (D5)
  not_http,         ///< the answer is no HTTP response, or its head is over 64 KiB (D5)
  tls_error,        ///< TCP is up, but there is no TLS session, or the certificate is refused (D5, D7)
  refused_address,  ///< the name leads to an address that the policy refuses (D6)
  interrupted,      ///< the sender stopped in between and does not know, or could not send for want of its own (G5)
};
std::string_view to_text(Outcome outcome);

/// Real time that each phase took; empty where the attempt never got there or the phase does not exist (plain HTTP).
struct Phases {
  std::optional<Duration> dns, connect, tls, send, wait;
};

/// What a transport reports about one attempt.
struct AttemptResult {
  Outcome outcome = Outcome::unreachable;
  std::optional<int> status;  ///< the final status, if a response head was understood
  /// One line for people; never holds the URL's path or the payload. Of an interrupted attempt: why surely nothing was
  /// sent (G5).
  std::string detail;
  std::string answer{};    ///< of a failed attempt, as Attempt::answer
  std::string received{};  ///< how the answer began, as it came; only where the transport was asked to keep it
  Phases phases;
  Duration took{};         ///< monotonic, from before the name look-up to the last byte of the response (D4)
  bool connected = false;  ///< a TCP connection was established
};

/// One attempt as it is recorded.
struct Attempt {
  int number = 1;          ///< 1..4 (R1); the same number again after an interruption (G5)
  Instant scheduled_at{};  ///< the instant that the contract asks for
  Instant started_at{};
  std::optional<Instant> ended_at;  ///< empty while under way
  std::optional<Outcome> outcome;
  std::optional<int> status;
  std::string detail;  ///< one line
  /// How the consumer's answer begins, if the attempt failed and there is one: status line and media type, one short
  /// line of printable ASCII without the URL's path.
  std::string answer;
  bool uncertain = false;   ///< a copy of an attempt that may have been sent (G5)
  std::uint64_t epoch = 0;  ///< that of the webhook when the attempt began (G1)
  Phases phases;
};

enum class State : std::uint8_t { pending, delivered, abandoned, dropped };
std::string_view to_text(State state);

/// True of one that ended without success: this webhook event is lost to this webhook (R4, X3).
bool is_lost(State state);

/// Why a delivery ended without success.
enum class Reason : std::uint8_t { disabled, deleted, retries_exhausted, webhook_disabled_before };
std::string_view to_text(Reason reason);

/// One webhook event on its way to one webhook. The body never changes (R5).
struct Delivery {
  DeliveryId id;
  WebhookId webhook_id;
  std::string event;
  std::optional<std::string> entity_id;
  std::shared_ptr<const std::string> body;
  Instant created_at{};
  State state = State::pending;
  std::optional<Reason> reason;
  std::optional<DeliveryId> resend_of;
  std::optional<Instant> next_attempt_at;  ///< empty while an attempt is under way and after the end
  std::optional<Instant> lost_at;          ///< when it was abandoned or dropped; empty unless it was
  std::vector<Attempt> attempts;
};

}  // namespace mock::delivery
