#include "cli/stored_state.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <utility>

#include "store/schema.hpp"
#include "store/sqlite_store.hpp"
#include "world/date_time.hpp"

namespace mock::cli {
namespace {

// A store that a fast clock wrote is ahead of the wall clock, which counts again without --speed (G7).
std::string note_on(const store::KeptClock& kept, double speed) {
  constexpr std::chrono::minutes noteworthy{1};
  const auto wall = std::chrono::floor<delivery::Duration>(std::chrono::system_clock::now());
  if (kept.virtual_clock || speed > 1 || kept.now - wall < noteworthy) return {};
  return fmt::format(
      "note: the clock of the store stood at {}, ahead of the wall clock, which counts without --speed: retries wait "
      "for the instants that they were given\n",
      world::milli_time_text(kept.now));
}

}  // namespace

StoredState::StoredState(const std::string& store, const contract::Values& values)
    : virtual_clock_(values.virtual_clock), speed_(values.speed) {
  if (store == "memory:") return;
  store_ = store::open_sqlite(store);
  world_ = store_->load_world();
  if (world_.clock && world_.clock->virtual_clock != virtual_clock_) {
    throw store::Unusable{fmt::format("--store {}: written with --clock {}: start with that, or name another file",
                                      store, world_.clock->virtual_clock ? "virtual" : "real")};
  }
  if (world_.clock) note_ = note_on(*world_.clock, speed_);
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
    keeper_->attach({engine.clock(), engine.sender(), desk.world(), desk.registry(), virtual_clock_, speed_});
    fill(engine.sender(), desk);
    store_->accept();
    desk.world().report_to(*keeper_);
  });
}

void StoredState::stop(engine::Engine& engine) {
  if (!keeper_) return;
  try {
    engine.call([&] { keeper_->stop_the_lead(); });
  } catch (const engine::Stopped&) {
    // It has ended already: what was kept with its lead counts.
  }
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
  store_->load_losses([&](const delivery::DeliveryId& id, std::int64_t seq) {
    desk.restore_loss(id);
    last_loss = seq;
  });
  keeper_->resume(world_.clock, last_loss);
  store_->load_deliveries([&](delivery::Delivery one) {
    desk.restore_delivery(one);
    sender.restore_delivery(std::move(one));
  });
  world_ = {};
}

}  // namespace mock::cli
