// The simulated disk, behind the sender's journal: what was synced survives a crash, of the rest as much as luck will
// have it, but what one call of the sender changed is there as a whole or not at all. It writes the history too.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "delivery/ports.hpp"
#include "delivery/sender.hpp"
#include "registry/registry.hpp"
#include "simulation/history.hpp"
#include "simulation/timeline.hpp"

namespace mock::simulation {

/// The sender's process ends here. Thrown out of the ports and caught by whoever drives the sender.
struct Crash {};

class Store final : public delivery::Journal {
 public:
  struct Image {
    std::vector<registry::Webhook> registered;
    std::vector<delivery::WebhookStatus> webhooks;  ///< as many as registered
    std::vector<delivery::Delivery> deliveries;
    Instant clock{};
  };

  Store(Timeline& timeline, History& history) : timeline_(timeline), history_(history) {}

  /// The sender whose changes follow, and its clock.
  void attach(const delivery::Sender& sender, const delivery::Clock& clock);
  void detach();

  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override;
  void webhook_changed(const delivery::WebhookId& webhook) override;

  /// The facts of the next webhook that is made, of the next change.
  void registered(const registry::Webhook& webhook);
  void removed(const delivery::WebhookId& webhook);
  Number fired(std::string organization, std::string event);
  void note(Entry::Kind kind, Number subject = 0);
  Number webhook_number(const delivery::WebhookId& id) const { return webhook_numbers_.at(id); }

  void seal();  ///< a call of the sender is over
  void sync();  ///< all of it is on disk

  /// The process ends at the n-th opportunity from now (1 is the next).
  void crash_at_opportunity(int n) { opportunities_left_ = n; }
  void opportunity();

  /// What was not on disk is gone, but for some transactions, of which there are unsynced(), that made it. From here on
  /// there is no sender.
  void crash(std::size_t transactions_kept);
  std::size_t unsynced() const { return seals_.size(); }
  const Image& image() const { return image_; }

 private:
  using Write = std::function<void(Image&)>;
  struct Pending {
    std::size_t entry;  ///< entries of the history before it
    Write write;
  };

  void add(Entry entry, Write write);
  Entry stamped(Entry::Kind kind, Number subject) const;
  void apply(std::size_t count);

  Timeline& timeline_;
  History& history_;
  const delivery::Sender* sender_ = nullptr;
  const delivery::Clock* clock_ = nullptr;
  Image image_;
  std::unordered_map<std::string, Number> webhook_numbers_;
  std::unordered_map<std::string, Number> delivery_numbers_;
  std::vector<Pending> pending_;
  std::vector<std::size_t> seals_;  ///< how much of pending_ each transaction ends with
  std::size_t durable_entries_ = 0;
  int opportunities_left_ = 0;
};

}  // namespace mock::simulation
