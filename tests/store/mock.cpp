#include "mock.hpp"

#include <sqlite3.h>

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <utility>

namespace store_test {
namespace {

using namespace mock;
using delivery::Outcome;
using world::Family;

constexpr delivery::Instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

delivery::SenderOptions options() {
  auto chosen = delivery::contract_defaults();
  chosen.disable_after = 5;
  return chosen;
}

std::ostream& operator<<(std::ostream& out, delivery::Instant at) {
  return out << at.time_since_epoch().count();
}
std::ostream& operator<<(std::ostream& out, delivery::Duration time) {
  return out << time.count();
}
template <class T>
std::string shown(const std::optional<T>& value) {
  std::ostringstream out;
  if (value) {
    out << *value;
  } else {
    out << '-';
  }
  return out.str();
}

void write(std::ostream& out, const world::Organization& one) {
  out << "organization " << one.id << ' ' << one.name << '\n';
}

void write(std::ostream& out, const world::KeptEntity& one) {
  out << "entity " << one.id << ' ' << world::plural(one.family) << ' ' << one.org_id << ' ' << one.updated_at << ' '
      << one.deleted << ' ' << one.body.text() << '\n';
}

void write(std::ostream& out, const registry::Webhook& one, const delivery::WebhookStatus& status) {
  out << "webhook " << one.id << ' ' << one.org_id << ' ' << one.url << ' ' << one.url_key << ' ' << one.deleted;
  for (const auto& event : one.events) out << ' ' << event;
  out << ": " << status.url << ' ' << status.enabled << ' ' << status.deleted << ' ' << status.consecutive_failures
      << ' ' << shown(status.first_failure_at) << ' ' << shown(status.disabled_at) << ' ' << status.epoch << '\n';
}

void write(std::ostream& out, const delivery::Attempt& one) {
  out << "  attempt " << one.number << ' ' << one.epoch << ' ' << one.scheduled_at << ' ' << one.started_at << ' '
      << shown(one.ended_at) << ' ' << (one.outcome ? to_text(*one.outcome) : "-") << ' ' << shown(one.status) << ' '
      << one.detail << " [" << one.answer << "] " << one.uncertain << ' ' << shown(one.phases.dns) << ' '
      << shown(one.phases.connect) << ' ' << shown(one.phases.tls) << ' ' << shown(one.phases.send) << ' '
      << shown(one.phases.wait) << '\n';
}

void write(std::ostream& out, const delivery::Delivery& one) {
  out << "delivery " << one.id << ' ' << one.webhook_id << ' ' << one.event << ' ' << shown(one.entity_id) << ' '
      << *one.body << ' ' << one.created_at << ' ' << to_text(one.state) << ' '
      << (one.reason ? to_text(*one.reason) : "-") << ' ' << shown(one.resend_of) << ' ' << shown(one.next_attempt_at)
      << ' ' << shown(one.lost_at) << '\n';
  for (const auto& attempt : one.attempts) write(out, attempt);
}

void write_loss(std::ostream& out, const delivery::DeliveryId& lost) {
  out << "lost " << lost << '\n';
}

}  // namespace

void run_sql(const std::string& file, const char* sql) {
  sqlite3* handle = nullptr;
  BOOST_TEST_REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  BOOST_TEST(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(handle));
  sqlite3_close(handle);
}

void rewrite_as_first_version(const std::string& file) {
  run_sql(file, R"(
    CREATE TABLE first_version(
      delivery INTEGER NOT NULL, position INTEGER NOT NULL, number INTEGER NOT NULL, epoch INTEGER NOT NULL,
      scheduled_at INTEGER NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT, status INTEGER,
      detail TEXT NOT NULL, uncertain INTEGER NOT NULL, dns INTEGER, connect INTEGER, tls INTEGER, send INTEGER,
      wait INTEGER, PRIMARY KEY(delivery, position)) WITHOUT ROWID;
    INSERT INTO first_version
      SELECT seq / 1048576, seq % 1048576, number, epoch, scheduled_at, started_at, ended_at, outcome, status, detail,
             uncertain, dns, connect, tls, send, wait FROM attempts;
    UPDATE deliveries SET state_unless_ok = (SELECT state FROM delivery_states AS s WHERE s.seq = deliveries.seq);
    DROP VIEW delivery_states;
    ALTER TABLE deliveries RENAME COLUMN state_unless_ok TO state;
    DROP TABLE attempts;
    ALTER TABLE first_version RENAME TO attempts;
    PRAGMA user_version = 1)");
}

void Losses::delivery_changed(std::size_t, const delivery::Delivery& delivery) {
  if (is_lost(delivery.state)) add(delivery.id);
}

std::string describe(store::Store& store) {
  std::ostringstream out;
  const auto kept = store.load_world();
  if (kept.clock) out << "clock " << kept.clock->now << ' ' << kept.clock->last_uuid_tick << '\n';
  for (const auto& one : kept.organizations) write(out, one);
  for (const auto& one : kept.entities) write(out, one);
  for (const auto& one : kept.webhooks) write(out, one.registered, one.status);
  store.load_deliveries([&](const delivery::Delivery& one) { write(out, one); });
  store.load_losses([&](const delivery::DeliveryId& id, std::int64_t) { write_loss(out, id); });
  return out.str();
}

Mock::Mock(store::Store& store, std::uint64_t seed)
    : random_(seed), clock_(start), world_(random_), keeper_(store), sender_(options(), clock_, *this, journal_) {
  journal_.add(keeper_);
  journal_.add(losses_);
  keeper_.attach({clock_, sender_, world_, registry_, true});
  restore(store);
  world_.report_to(keeper_);
}

void Mock::restore(store::Store& store) {
  const auto kept = store.load_world();
  if (kept.clock) {
    clock_.set(kept.clock->now);
    world_.resume_ids(kept.clock->last_uuid_tick);
  }
  std::int64_t last_loss = 0;
  store.load_losses([&](const delivery::DeliveryId& id, std::int64_t seq) {
    losses_.add(id);
    last_loss = seq;
  });
  keeper_.resume(kept.clock, last_loss);
  for (const auto& one : kept.organizations) world_.restore_organization(one);
  for (const auto& one : kept.entities) {
    entities_.push_back(one.id);
    world_.restore_entity(one);
  }
  for (const auto& one : kept.webhooks) {
    sender_.restore_webhook(one.registered.id, one.status);
    registry_.restore(one.registered);
  }
  store.load_deliveries([&](delivery::Delivery one) { sender_.restore_delivery(std::move(one)); });
}

std::string Mock::describe() const {
  std::ostringstream out;
  out << "clock " << clock_.now() << ' ' << world_.last_uuid_tick() << '\n';
  for (const auto& one : world_.organizations()) write(out, one);
  for (const auto& id : entities_) write(out, world_.kept_entity(id));
  for (const auto& one : registry_.all()) write(out, one, sender_.webhook(one.id));
  const auto& deliveries = sender_.deliveries();
  for (std::size_t i = 0; i < deliveries.size(); ++i) write(out, deliveries.at(i));
  for (const auto& id : losses_.all()) write_loss(out, id);
  return out.str();
}

void Mock::post(delivery::Push, Done done) {
  waiting_.push_back(std::move(done));
}

std::string Mock::organization() {
  return world_.add_organization("Opera", clock_.now()).id;
}

std::string Mock::webhook(const std::string& organization) {
  const auto id = world_.new_id(clock_.now());
  const auto url = "https://a.example/hook/" + id;
  registry_.add({id, organization, url, url, {"event.created", "offer.updated"}, false});
  sender_.add_webhook(id, url);
  return id;
}

std::string Mock::push(const std::string& webhook) {
  auto id = world_.new_id(clock_.now());
  const auto body = std::make_shared<const std::string>("{\"event\":\"offer.updated\",\"data\":\"" + id + "\"}");
  sender_.enqueue({id, webhook, "offer.updated", std::nullopt, body, std::nullopt});
  sender_.pump();
  return id;
}

void Mock::answer(Outcome outcome) {
  hear(outcome);
  sender_.pump();
}

void Mock::hear(Outcome outcome) {
  if (waiting_.empty()) return;
  const auto done = std::move(waiting_.front());
  waiting_.pop_front();
  delivery::AttemptResult result;
  result.outcome = outcome;
  result.status = outcome == Outcome::ok ? 200 : 503;
  result.detail = "as told";
  if (outcome != Outcome::ok) result.answer = "HTTP/1.1 503";
  result.took = std::chrono::milliseconds{12};
  result.phases.connect = std::chrono::microseconds{450};
  done(std::move(result));
  sender_.apply_ends(delivery::Instant::max());
}

void Mock::change_world() {
  if (world_.organizations().empty() || random_() % 8 == 0) return static_cast<void>(organization());
  const auto& owner = world_.organizations()[random_() % world_.organizations().size()].id;
  const auto known = world_.entities(owner, Family::offer);
  if (known.empty() || random_() % 2 == 0) {
    entities_.push_back(*world_
                             .create(owner, Family::offer,
                                     {world::SpelledObject::of(R"({"title":"Aida","fee":1.10})").value()}, clock_.now())
                             .at(0)
                             .entity_id);
    return;
  }
  const auto id = known[random_() % known.size()]->text_at("id").value();
  if (random_() % 2 == 0) {
    world::SpelledObject patch;
    patch.set(world::quoted("fee"), std::to_string(random_() % 1000));
    world_.patch(owner, Family::offer, id, patch, clock_.now());
  } else {
    world_.remove(owner, Family::offer, {id});
    if (random_() % 2 == 0) world_.restore(owner, Family::offer, id, clock_.now());
  }
}

void Mock::change_webhook() {
  if (world_.organizations().empty()) return;
  if (registry_.all().empty() || random_() % 4 == 0) {
    webhook(world_.organizations().front().id);
    return;
  }
  const auto id = registry_.all()[random_() % registry_.all().size()].id;
  switch (random_() % 8) {
    case 0:
      return sender_.disable(id);
    case 1:
      registry_.remove(id);
      return sender_.remove(id);
    case 2:
    case 3:
      return sender_.enable(id);
    default:
      push(id);
  }
}

void Mock::change() {
  switch (random_() % 5) {
    case 0:
      return change_world();
    case 1:
    case 2:
      return change_webhook();
    case 3:
      return answer(random_() % 3 == 0 ? Outcome::ok : Outcome::bad_status);
    default:
      clock_.set(clock_.now() + std::chrono::minutes{random_() % 90});
      sender_.pump();
  }
}

}  // namespace store_test
