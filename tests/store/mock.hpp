// The state of a mock without an engine: world, registry, sender, and a keeper that writes them to a store. The
// transport answers only when told to.
#pragma once

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "delivery/fan_out.hpp"
#include "delivery/sender.hpp"
#include "delivery/virtual_time.hpp"
#include "registry/registry.hpp"
#include "store/keeper.hpp"
#include "store/store.hpp"
#include "world/world.hpp"

namespace store_test {

/// All that a store keeps, one line a thing, every field in it.
std::string describe(mock::store::Store& store);

/// In a database that no store has open.
void run_sql(const std::string& file, const char* sql);
/// With the tables that version 1 had.
void rewrite_as_first_version(const std::string& file);

/// The deliveries whose webhook events were lost to their webhooks, in that order, with the instants.
class Losses final : public mock::delivery::Journal {
 public:
  void add(const mock::delivery::DeliveryId& id) { all_.push_back(id); }
  const auto& all() const { return all_; }

  void delivery_changed(std::size_t number, const mock::delivery::Delivery& delivery) override;
  void webhook_changed(const mock::delivery::WebhookId&) override {}

 private:
  std::vector<mock::delivery::DeliveryId> all_;
};

class Mock : private mock::delivery::Transport {
 public:
  /// Goes on with what the store holds.
  Mock(mock::store::Store& store, std::uint64_t seed);

  /// One random change of anything: the world, a webhook, a delivery, the clock.
  void change();
  void keep() { keeper_.keep(); }
  std::string describe() const;  ///< in the same lines as those of a store

  mock::delivery::Sender& sender() { return sender_; }
  mock::world::World& world() { return world_; }
  mock::store::Keeper& keeper() { return keeper_; }
  mock::delivery::VirtualClock& clock() { return clock_; }
  std::string organization();
  std::string webhook(const std::string& organization);
  std::string push(const std::string& webhook);  ///< sent at once; returns the delivery's id
  void answer(mock::delivery::Outcome outcome);  ///< the attempt that waits longest; nothing if none does
  void hear(mock::delivery::Outcome outcome);    ///< the same, and starts nothing that is due then

 private:
  void post(mock::delivery::Push push, Done done) override;
  void restore(mock::store::Store& store);
  void change_world();
  void change_webhook();

  std::mt19937_64 random_;
  mock::delivery::VirtualClock clock_;
  mock::world::World world_;
  mock::registry::Registry registry_;
  mock::store::Keeper keeper_;
  Losses losses_;
  mock::delivery::FanOut journal_;
  mock::delivery::Sender sender_;
  std::deque<Done> waiting_;
  std::vector<std::string> entities_;
};

}  // namespace store_test
