// One thread that owns a sender, its clock and its transport, and drives them: on the real clock it waits for the next
// due instant, on the virtual clock it jumps there (G6).
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "delivery/ports.hpp"
#include "delivery/sender.hpp"
#include "engine/keeping.hpp"

namespace boost::asio {
class io_context;
}

namespace mock::engine {

struct EngineOptions {
  delivery::SenderOptions sender = delivery::contract_defaults();
  bool virtual_clock = false;
  delivery::Instant virtual_start{};  ///< what the virtual clock shows first
  Keeping* keeping = nullptr;         ///< makes each turn durable; must outlive the engine
  /// Told once why changes cannot be made durable, again when the reason changes, and with an empty text when they can
  /// again. On the engine's thread; must not throw.
  std::function<void(const std::string& why)> on_keeping = [](const std::string&) {};
  double speed = 1;                ///< of the real clock: waiting takes so many times less; at least 1 (G6)
  delivery::Instant not_before{};  ///< what the real clock shows first at least: a fast one of an earlier run is ahead
};

/// What an advance of the virtual clock came to.
struct Advanced {
  delivery::Instant now;
  std::size_t attempts = 0;  ///< made on the way
  bool cut_short = false;    ///< by start_over()
};

/// Thrown to whoever calls, or waits, when the engine stops.
class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("the sender is stopping") {}
};

/// With a Keeping, everything that happened in a turn of the engine is durable before any of it leaves: before the
/// attempts that it started are sent, and before the calls that it ran give their results. While it cannot be made
/// durable, the sender rests: no attempt is sent, no end takes effect, and it is tried again every second; an attempt
/// that was started and not sent begins when it is sent. Calls that changed something get NotKept (the change itself
/// stays, and is made durable as soon as that works), others their results.
///
/// Every member may be called from any thread but the engine's own, unless it says otherwise.
class Engine {
 public:
  /// Makes the transport; its callbacks come on the thread that runs the io_context.
  using MakeTransport = std::function<std::unique_ptr<delivery::Transport>(boost::asio::io_context&)>;
  /// Makes the journal, which is told of changes on the engine's thread and must outlive the engine.
  using MakeJournal = std::function<delivery::Journal&(const delivery::Clock&)>;

  /// Starts the thread. What the two functions throw, the constructor throws.
  Engine(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal);
  ~Engine();  ///< stop()
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Runs `f` on the engine's thread, waits for it, and gives its result or exception; then what has become due is
  /// sent. `f` may use sender() and clock(); it must not block and must not call the engine.
  template <class F>
  std::invoke_result_t<F> call(F f) {
    // The caller owns the task, so that result and exception are made on one thread and destroyed on the other one
    // after the hand-over, never on both at once.
    std::packaged_task<std::invoke_result_t<F>()> task{std::move(f)};
    auto result = task.get_future();
    run([&task] { task(); });
    return result.get();
  }

  /// The virtual clock moves on, and the call returns when all that fell due has been sent and answered (G6). One
  /// advance at a time, later ones queue. On the real clock, or for a negative duration, a std::logic_error.
  Advanced advance_by(delivery::Duration by);
  Advanced advance_to_next();  ///< to the next instant at which something falls due; without one it only waits

  /// Waits until nothing is in flight and nothing is due. False after `timeout` of real time; zero looks, and waits for
  /// nothing.
  bool wait_idle(std::chrono::milliseconds timeout);

  bool virtual_clock() const noexcept;

  /// Throws NotKept, with the reason, while changes cannot be made durable: ask before making one.
  void require_keeping() const;

  delivery::Sender& sender() noexcept;            ///< engine's thread only
  const delivery::Clock& clock() const noexcept;  ///< engine's thread only

  /// A new sender without webhooks and deliveries takes the place of the old one; what is under way is finished and
  /// told to nobody. The clock goes on; advances end. Engine's thread only.
  void start_over();

  /// Attempts under way are dropped; everyone who waits gets Stopped, and so does every later call. What has changed is
  /// made durable if it can be. Idempotent.
  void stop();

 private:
  struct Impl;

  void post(std::function<void()> task);
  void run(std::function<void()> task);  ///< post(), and wait until it has run
  Advanced advance(std::optional<delivery::Duration> by);
  bool is_idle();

  template <class T>
  static T wait_for(std::future<T>& result) {
    try {
      return result.get();
    } catch (const std::future_error&) {  // its promise was thrown away
      throw Stopped{};
    }
  }

  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::engine
