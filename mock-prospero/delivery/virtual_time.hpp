// The virtual clock of G6: seven hours of retries in as much real time as the attempts themselves take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>

#include "delivery/ports.hpp"
#include "delivery/sender.hpp"

namespace mock::delivery {

/// Stands still until it is set.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start) : now_(start) {}
  Instant now() const override { return now_; }
  Instant end_of(Instant started_at, Duration took) const override;
  void set(Instant now);  ///< an earlier instant changes nothing

 private:
  Instant now_;
};

/// What the loop that drives the virtual clock has to do next.
struct NextStep {
  enum class Kind : std::uint8_t {
    finished,      ///< nothing is in flight and nothing is due: an advance that was under way is over
    wait_for_end,  ///< step again when the sender's `wake` was called
    wait_at_most,  ///< step again when `wake` was called, or after `at_most` of real time
  };
  Kind kind = Kind::finished;
  Duration at_most{};  ///< only for wait_at_most; never scaled
};
std::string_view to_text(NextStep::Kind kind);

/// Drives a sender over a virtual clock so that starts and ends take effect in virtual order (G6). It stands between
/// the sender and the transport, because it must know how long each attempt has been running in real time.
///
///   VirtualClock clock{start};  VirtualTime time{clock, transport, monotonic};
///   Sender sender{options, clock, time, journal, wake};
///
/// Call step() after every enqueue() and enable(), after each advance_*(), and as the answer of the last step() says.
/// One advance at a time: concurrent ones wait in a queue of the loop's owner, who begins the next when step() answers
/// `finished`. Not thread-safe; same thread as the sender.
class VirtualTime final : public Transport {
 public:
  /// Real time from any fixed point, monotonic.
  using Monotonic = std::function<Duration()>;

  VirtualTime(VirtualClock& clock, Transport& transport, Monotonic monotonic);
  ~VirtualTime() override;

  void post(Push push, Done done) override;

  /// Each first waits for what is due or in flight, then moves the clock, making every attempt that falls due on the
  /// way and waiting for its end. A std::logic_error while another one is under way; a `by` that is
  /// negative or over 10,000 years is a std::invalid_argument.
  void advance_by(Duration by);
  void advance_to(Instant to);  ///< an instant that has passed only waits
  void advance_to_next();       ///< to the next attempt that falls due; only waits if there is none
  bool advancing() const;

  NextStep step(Sender& sender);

  /// Attempts started since the last advance began.
  std::size_t attempts() const;

 private:
  struct Running;
  struct ByDuration {
    Duration by;
  };
  struct ToInstant {
    Instant to;
  };
  struct ToNext {};
  using Wish = std::variant<ByDuration, ToInstant, ToNext>;

  /// A start or an end that takes effect.
  struct Change {
    Instant at;
    bool is_end;
  };

  void begin(Wish wish);
  std::optional<Change> next_change(const Sender& sender) const;
  Duration wait_before(const Change& change) const;
  void take_effect(Sender& sender, const Change& change);
  bool move_on(const Sender& sender);
  static Instant goal_of(const Wish& wish, Instant now, std::optional<Instant> next_due);

  VirtualClock& clock_;
  Transport& transport_;
  Monotonic monotonic_;
  std::shared_ptr<Running> running_;
  std::optional<Wish> wish_;       ///< the advance under way
  std::optional<Instant> target_;  ///< its goal, once what was in flight before it has ended
  std::size_t attempts_ = 0;
};

}  // namespace mock::delivery
