#include "cli/stored_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "store/schema.hpp"
#include "store/sqlite_store.hpp"

namespace mock::cli {
namespace {

struct LostDelivery {
  delivery::DeliveryId id;
  store::Loss loss;
};

}  // namespace

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
  std::vector<LostDelivery> lost;
  std::vector<delivery::Delivery> pending;
  store_->load_deliveries([&](store::KeptDelivery kept) {
    desk.restore_delivery(kept.delivery);
    if (kept.loss) lost.push_back({kept.delivery.id, *kept.loss});
    pending.push_back(std::move(kept.delivery));
  });
  std::sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) { return a.loss.seq < b.loss.seq; });
  for (const auto& one : lost) desk.restore_loss(one.id, one.loss.at);
  keeper_->resume(world_.clock, lost.empty() ? 0 : lost.back().loss.seq);
  for (auto& one : pending) sender.restore_delivery(std::move(one));
  world_ = {};
}

}  // namespace mock::cli
