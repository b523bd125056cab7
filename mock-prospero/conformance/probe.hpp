// What a case may do to the consumer: send pushes, in any form, and see how they are answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/bodies.hpp"
#include "conformance/consumer_process.hpp"
#include "conformance/loop.hpp"
#include "conformance/wire.hpp"
#include "conformance/witness.hpp"
#include "delivery/ports.hpp"

namespace mock::conformance {

/// How a request was answered, and which one it was.
struct Answer : delivery::AttemptResult {
  std::string request{};  ///< for people: in one line, shortened, without the path
};

/// No TCP connection came about, for no want of the tester's own.
bool found_nobody(const delivery::AttemptResult& answer);

/// Of these: already the name of the host led nowhere.
bool found_no_name(const delivery::AttemptResult& answer);

/// The answers of one connection; see WireSession.
struct Session {
  std::vector<Answer> answers{};
  bool resumed = false;
  std::optional<std::int64_t> certificate_days_left{};
};

/// The consumer under test.
struct Target {
  std::string url;                     ///< complete, with the secret path; only transport and wire ever see it
  std::string shown;                   ///< the same for people, without the path
  std::vector<std::string> events;     ///< the known webhook events that it listens to (S2); at least one
  bool over_tls = true;                ///< https
  bool by_name = true;                 ///< its host is a name, not an IP address
  bool as_prospero_wants = true;       ///< nothing of the URL policy (D6) is lifted
  std::optional<int> path_bits = 128;  ///< how hard the path is to guess, roughly, in bits
};

/// How a run reaches the consumer. All outlive it; what may be null is so when its level is not available.
struct Access {
  delivery::Transport& transport;
  Loop& loop;
  Wire& wire;
  Witness* witness = nullptr;
  ConsumerProcess* process = nullptr;
};

/// Thrown out of a case when a person wants the run to end now.
struct Interrupted {};

/// What Probe::bring_up() says when the URL answers while nothing that --exec started runs.
inline constexpr const char* outlives_kill =
    "the URL answers although what --exec started has ended: something else listens there";

/// One probe serves one case. Not thread-safe. Every function throws Interrupted.
class Probe {
 public:
  /// `pause` is the least time between the starts of two pushes (`--rate`).
  Probe(const Target& target, Access access, Bodies bodies, delivery::Duration pause = {});

  /// Sends one push and waits for its outcome.
  Answer send(std::string body);
  /// An ordinary push of any_event().
  Answer send_ordinary();

  /// Sends all of them at once and waits for all outcomes; these are in the order of `bodies`.
  std::vector<Answer> send_together(std::vector<std::string> bodies);
  /// The same, one every `interval`, without waiting for outcomes in between.
  std::vector<Answer> send_evenly(std::vector<std::string> bodies, delivery::Duration interval);

  /// The requests on one connection.
  Session exchange(const std::vector<WireRequest>& requests, TlsVersion version = TlsVersion::any, bool resume = false);
  /// One request on a connection of its own.
  Answer exchange_one(const WireRequest& request, TlsVersion version = TlsVersion::any);
  std::unique_ptr<HeldConnections> hold(std::size_t count, bool speaking);
  /// Asks the witness until `settled` holds of what it tells, it cannot be read, or `limit` has passed; the last
  /// reading.
  WitnessReading ask_witness(const std::function<bool(const WitnessReading&)>& settled, delivery::Duration limit);
  /// Level crash: starts the consumer, again and again if it ends by itself, until it listens. Empty, or one line for
  /// people: why it does not within 30 s, or outlives_kill.
  std::string bring_up();
  /// Lets time pass; what is under way goes on.
  void wait(delivery::Duration time);

  Bodies& bodies() noexcept { return bodies_; }
  const Access& access() const noexcept { return access_; }
  const Target& target() const noexcept { return target_; }
  const std::vector<std::string>& events() const noexcept { return target_.events; }
  /// A webhook event that the consumer listens to, for cases to which it does not matter which.
  const std::string& any_event() const { return target_.events.front(); }
  /// A family (`invoice`) of which the consumer listens to every one of `actions` (`created`); empty if there is none.
  std::string family_with(const std::vector<std::string>& actions) const;

  /// What was seen so far: how long each complete answer took, and the last exchange.
  const std::vector<delivery::Duration>& latencies() const noexcept { return latencies_; }
  const Answer& last() const noexcept { return last_; }
  /// At least one connection was taken.
  bool found_somebody() const noexcept { return found_somebody_; }
  /// There was an exchange, and the last one found nobody.
  bool lost() const noexcept { return lost_; }
  /// By how much a push was sent later than asked for, at worst.
  delivery::Duration send_lag() const noexcept { return send_lag_; }

 private:
  struct Pending;
  void post(std::string body, const std::shared_ptr<Pending>& pending, std::size_t index);
  std::vector<Answer> collect(const std::shared_ptr<Pending>& pending);
  void keep_pace();
  void note(const Answer& answer);
  void check_interrupt() const;

  const Target& target_;
  Access access_;
  Bodies bodies_;
  delivery::Duration pause_;
  std::optional<delivery::Duration> last_start_;
  std::vector<delivery::Duration> latencies_;
  Answer last_;
  bool found_somebody_ = false, lost_ = false;
  delivery::Duration send_lag_{};
};

}  // namespace mock::conformance
