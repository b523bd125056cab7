// What is kept over a restart, and the port of whoever keeps it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "delivery/sender.hpp"
#include "delivery/types.hpp"
#include "registry/registry.hpp"
#include "world/world.hpp"

namespace mock::store {

struct KeptWebhook {
  registry::Webhook registered;
  delivery::WebhookStatus status;
};

/// The clock and the ids, which go on where they stopped.
struct KeptClock {
  bool virtual_clock = false;
  delivery::Instant now{};           ///< what it showed at the last write
  std::uint64_t last_uuid_tick = 0;  ///< T1: no id is handed out twice

  bool operator==(const KeptClock&) const = default;
};

/// All but the deliveries, which may be many. Each list oldest first.
struct KeptWorld {
  std::optional<KeptClock> clock;  ///< empty: nothing was ever written
  std::vector<world::Organization> organizations;
  std::vector<world::KeptEntity> entities;
  std::vector<KeptWebhook> webhooks;
};

/// One delivery as it is now, by its number in the sender's table. Attempts before `first_changed` are as they were
/// written last.
struct DeliveryChange {
  std::size_t number = 0;
  std::shared_ptr<const delivery::Delivery> made;  ///< all of it, unless it was written before
  delivery::State state = delivery::State::pending;
  std::optional<delivery::Reason> reason;
  std::optional<delivery::Instant> next_attempt_at;
  std::optional<delivery::Instant> lost_at;
  std::optional<std::int64_t> lost_seq;  ///< counts what was lost, in the order of its happening (R4, X3)
  std::size_t first_changed = 0;
  std::vector<delivery::Attempt> attempts;  ///< from `first_changed` on
};

/// What has changed since the last write: each thing once, as it was when the batch was made. New ones come in the
/// order of their making.
struct Batch {
  std::optional<KeptClock> clock;
  std::vector<world::Organization> organizations;
  std::vector<world::KeptEntity> entities;
  std::vector<KeptWebhook> webhooks;
  std::vector<DeliveryChange> deliveries;
};

/// A write that did not come through. what() is one line that names the store and the reason.
class NotWritten : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Not thread-safe: one thread at a time, which need not always be the same.
class Store {
 public:
  virtual ~Store() = default;

  virtual KeptWorld load_world() = 0;
  /// Oldest first.
  virtual void load_deliveries(const std::function<void(delivery::Delivery)>& visit) = 0;
  /// What was lost, with its `lost_seq`, in the order of that.
  virtual void load_losses(const std::function<void(const delivery::DeliveryId&, std::int64_t)>& visit) = 0;

  /// What was read is gone on with: from here on the file may change, and its tables are of this version. Before that
  /// it stays as it was found. Throws Unusable; comes with the first write() at the latest.
  virtual void accept() = 0;

  /// All of the batch or, after NotWritten, nothing of it. When it returns, the batch survives whatever the crash model
  /// of the store names. May be tried again.
  virtual void write(const Batch& batch) = 0;
};

}  // namespace mock::store
