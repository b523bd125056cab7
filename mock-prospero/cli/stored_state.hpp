// What `serve --store` keeps over a restart, put back into the parts that it came from.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/desk.hpp"
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
  StoredState(const std::string& store, bool virtual_clock);

  std::optional<delivery::Instant> kept_now() const;  ///< what the clock showed at the last write
  engine::Keeping* keeping() noexcept;                ///< null with `memory:`
  void listen(delivery::FanOut& journal);

  /// Call once, before the first change. `desk` must be attached to the engine's sender. What was due while nobody ran
  /// is then sent (G4).
  void restore(engine::Engine& engine, api::Desk& desk);

 private:
  void fill(delivery::Sender& sender, api::Desk& desk);

  bool virtual_clock_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Keeper> keeper_;
  store::KeptWorld world_;
};

}  // namespace mock::cli
