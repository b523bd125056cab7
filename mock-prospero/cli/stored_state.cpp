#include "cli/stored_state.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "store/schema.hpp"
#include "store/sqlite_store.hpp"

namespace mock::cli {
StoredState::StoredState(const std::string& store, bool virtual_clock) : virtual_clock_(virtual_clock) {
  if (store == "memory:") return;
  store_ = store::open_sqlite(store);
  world_ = store_->load_world();
  if (world_.clock && world_.clock->virtual_clock != virtual_clock) {
    throw store::Unusable{fmt::format("--store {}: written with --clock {}: start with that, or name another file",
                                      store, world_.clock->virtual_clock ? "virtual" : "real")};
  }
  keeper_.emplace(*store_);
}

std::optional<delivery::Instant> StoredState::kept_now() const {
  if (!world_.clock) return std::nullopt;
  return world_.clock->now;
}

engine::Keeping* StoredState::keeping() noexcept {
  return keeper_ ? &*keeper_ : nullptr;
}

void StoredState::listen(delivery::FanOut& journal) {
  if (keeper_) journal.add(*keeper_);
}

void StoredState::restore(engine::Engine& engine, api::Desk& desk) {
  if (!keeper_) return;
  engine.call([&] {
    keeper_->attach({engine.clock(), engine.sender(), desk.world(), desk.registry(), virtual_clock_});
    fill(engine.sender(), desk);
    desk.world().report_to(*keeper_);
  });
}

void StoredState::fill(delivery::Sender& sender, api::Desk& desk) {
  if (world_.clock) desk.world().resume_ids(world_.clock->last_uuid_tick);
  for (auto& one : world_.organizations) desk.world().restore_organization(std::move(one));
  for (auto& one : world_.entities) desk.world().restore_entity(std::move(one));
  for (auto& one : world_.webhooks) {
    sender.restore_webhook(one.registered.id, std::move(one.status));
    desk.registry().restore(std::move(one.registered));
  }
  std::int64_t last_loss = 0;
  store_->load_losses([&](const delivery::DeliveryId& id, const store::Loss& loss) {
    desk.restore_loss(id, loss.at);
    last_loss = loss.seq;
  });
  keeper_->resume(world_.clock, last_loss);
  store_->load_deliveries([&](delivery::Delivery one) { sender.restore_delivery(std::move(one)); });
  world_ = {};
}

}  // namespace mock::cli
