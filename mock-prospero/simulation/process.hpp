// One life of the sender's process, from a start to a crash: the real sender, the real registry and the real virtual
// time, on simulated ports.
#pragma once

#include <memory>
#include <optional>

#include "delivery/sender.hpp"
#include "delivery/virtual_time.hpp"
#include "registry/registry.hpp"
#include "simulation/network.hpp"
#include "simulation/plan.hpp"
#include "simulation/store.hpp"
#include "simulation/timeline.hpp"

namespace mock::simulation {

/// Every member may throw Crash: then the process is over and may only be destroyed.
class Process {
 public:
  /// `clock_start`: what the wall clock shows on a real clock, and the virtual clock that was kept otherwise (G7).
  Process(const Plan& plan, Timeline& timeline, Network& network, Store& store, Instant clock_start);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void restore();  ///< goes on with what the store has
  void drive();    ///< makes what is due take effect, and comes back by itself when something else falls due

  delivery::Sender& sender() { return *sender_; }
  registry::Registry& registry() { return registry_; }
  const delivery::Clock& clock() const;

  bool advancing() const { return virtual_time_ && virtual_time_->advancing(); }
  void advance_by(Duration by) { virtual_time_->advance_by(by); }
  void advance_to_next() { virtual_time_->advance_to_next(); }

 private:
  class WallClock;
  class Gate;

  std::optional<Duration> wait_after_step();
  void wake_at(Duration when);

  Timeline& timeline_;
  Store& store_;
  std::unique_ptr<WallClock> wall_clock_;
  std::optional<delivery::VirtualClock> virtual_clock_;
  std::unique_ptr<Gate> gate_;
  std::optional<delivery::VirtualTime> virtual_time_;
  std::unique_ptr<delivery::Sender> sender_;
  registry::Registry registry_;
  std::optional<Duration> waking_at_;
};

}  // namespace mock::simulation
