// What `serve --store` keeps over a restart, put back into the parts that it came from.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/desk.hpp"
#include "contract/values.hpp"
#include "delivery/fan_out.hpp"
#include "engine/engine.hpp"
#include "store/keeper.hpp"
#include "store/store.hpp"

namespace mock::cli {

/// With `memory:` it keeps nothing, and every call is empty.
class StoredState {
 public:
  /// Opens the store and reads all but the deliveries. Throws store::Unusable, also when the file was written on the
  /// other kind of clock.
  StoredState(const std::string& store, const contract::Values& values);

  std::optional<delivery::Instant> kept_now() const;  ///< what the clock showed at the last write
  engine::Keeping* keeping() noexcept;                ///< null with `memory:`
  void listen(delivery::FanOut& journal);

  /// Call once, before the first change. `desk` must be attached to the engine's sender. What was due while nobody ran
  /// is then sent (G4).
  void restore(engine::Engine& engine, api::Desk& desk);

  /// A fast clock must be kept from time to time (store::fast_clock_lead).
  bool needs_beat() const noexcept { return keeper_ && !virtual_clock_ && speed_ > 1; }
  /// Before the engine stops in good order: the clock is kept as it is.
  void stop(engine::Engine& engine);

  /// What to tell at start about the clock; mostly nothing.
  const std::string& note() const noexcept { return note_; }

 private:
  void fill(delivery::Sender& sender, api::Desk& desk);

  bool virtual_clock_;
  double speed_;
  std::string note_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Keeper> keeper_;
  store::KeptWorld world_;
};

}  // namespace mock::cli
