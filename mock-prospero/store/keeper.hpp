// Collects what changes in the mock, and writes it to the store, a group of changes in one transaction.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "delivery/ports.hpp"
#include "engine/keeping.hpp"
#include "store/store.hpp"

namespace mock::store {

/// What is kept: all of it is read at the moment of collecting.
struct Source {
  const delivery::Clock& clock;
  const delivery::Sender& sender;
  const world::World& world;
  const registry::Registry& registry;
  bool virtual_clock = false;
  double speed = 1;  ///< of the real clock
};

/// A clock with a speed leaves the wall clock behind, so that a restart can learn from the store only where it was. The
/// store is told an instant that lies ahead by this much real time, and must hear again before that comes: then the
/// clock never goes back, whatever ends the process.
inline constexpr std::chrono::milliseconds fast_clock_lead{2000};
inline constexpr std::chrono::milliseconds fast_clock_beat = fast_clock_lead / 4;

/// A journal of the sender and of the world, both of which must report to it. Not thread-safe: all on the engine's
/// thread, from attach() on.
class Keeper final : public engine::Keeping, public delivery::Journal, public world::WorldJournal {
 public:
  explicit Keeper(Store& store) : store_(store) {}

  /// Must come before the first change. What `source` names must outlive the last collect().
  void attach(const Source& source) { source_.emplace(source); }

  /// What was loaded is not written again: the clock as it was kept, and the number of the latest loss.
  void resume(const std::optional<KeptClock>& clock, std::int64_t last_loss);

  /// From here on the clock is kept as it is, without a lead: the end is near.
  void stop_the_lead() noexcept { leads_ = false; }

  /// Its Write throws NotWritten when the store cannot.
  Write collect() override;
  void settle(bool kept) override;
  std::uint64_t changes() const override { return count_; }

  void delivery_changed(std::size_t number, const delivery::Delivery& delivery) override;
  void webhook_changed(const delivery::WebhookId& webhook) override;
  void organization_added(const world::Organization& organization) override;
  void entity_changed(const std::string& id) override;

 private:
  // Each id once, in the order of its first change.
  struct ChangedIds {
    std::vector<std::string> order;
    std::unordered_set<std::string> known;

    void add(const std::string& id) {
      if (known.insert(id).second) order.push_back(id);
    }
  };
  struct DeliveryMark {
    std::size_t number = 0;
    std::size_t first_changed = 0;
    bool may_be_new = false;  // nothing of it may be in the store yet
    std::optional<std::int64_t> lost_seq;
  };
  struct Changes {
    std::vector<world::Organization> organizations;
    ChangedIds entities, webhooks;
    std::vector<DeliveryMark> deliveries;  // a mark for each change; one for each delivery once they are collected
  };

  static void add(Changes& to, const Changes& later);
  static void join_marks(std::vector<DeliveryMark>& marks);
  KeptClock clock_now() const;
  bool is_fast() const;
  delivery::Duration lead() const;
  bool must_write(const KeptClock& clock) const;
  DeliveryChange change_of(const DeliveryMark& mark) const;
  Batch batch() const;

  Store& store_;
  std::optional<Source> source_;
  std::optional<KeptClock> kept_clock_, clock_under_way_;
  std::int64_t losses_ = 0;
  bool leads_ = true;
  std::uint64_t count_ = 0;
  Changes changes_, under_way_;
};

}  // namespace mock::store
