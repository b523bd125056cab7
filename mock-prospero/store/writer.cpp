#include "store/writer.hpp"

#include "store/schema.hpp"
#include "world/family.hpp"

namespace mock::store {
namespace {

using delivery::Delivery;
using delivery::Instant;

std::int64_t micros(Instant at) {
  return at.time_since_epoch().count();
}

std::optional<std::int64_t> micros(const std::optional<Instant>& at) {
  if (!at) return std::nullopt;
  return micros(*at);
}

std::optional<std::int64_t> micros(const std::optional<delivery::Duration>& phase) {
  if (!phase) return std::nullopt;
  return phase->count();
}

std::optional<std::string_view> word(const std::optional<delivery::Reason>& reason) {
  if (!reason) return std::nullopt;
  return to_text(*reason);
}

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::string_view{*text};
}

// Names of webhook events hold no blanks (world::is_event_name).
std::string joined(const std::vector<std::string>& events) {
  std::string text;
  for (const auto& event : events) text += (text.empty() ? "" : " ") + event;
  return text;
}

// Five parameters in a row, from `first` on.
void bind_state(Statement& statement, int first, const DeliveryChange& change) {
  statement.bind(first, to_text(change.state)).bind(first + 1, word(change.reason));
  statement.bind(first + 2, micros(change.next_attempt_at));
  statement.bind(first + 3, micros(change.lost_at)).bind(first + 4, change.lost_seq);
}

// Of the row of a delivery that is there already, nothing that could have changed counts while an attempt is under way
// and after one has succeeded: then the row of the attempt says it all.
bool is_told_by_its_attempt(const DeliveryChange& change) {
  if (change.attempts.empty()) return false;
  const auto& last = change.attempts.back();
  return !last.ended_at || last.outcome == delivery::Outcome::ok;
}

}  // namespace

Writer::Writer(Connection& connection)
    : connection_(connection),
      state_(connection, "INSERT INTO state VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = ?2"),
      organization_(connection, "INSERT INTO organizations(id, name) VALUES(?1, ?2) ON CONFLICT DO NOTHING"),
      entity_(connection,
              "INSERT INTO entities(id, org_id, family, updated_at, deleted, body) VALUES(?1, ?2, ?3, ?4, ?5, ?6) "
              "ON CONFLICT DO UPDATE SET updated_at = ?4, deleted = ?5, body = ?6"),
      webhook_(connection,
               "INSERT INTO webhooks(id, org_id, url, url_key, events, enabled, deleted, consecutive_failures, "
               "first_failure_at, disabled_at, epoch) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
               "ON CONFLICT DO UPDATE SET enabled = ?6, deleted = ?7, consecutive_failures = ?8, "
               "first_failure_at = ?9, disabled_at = ?10, epoch = ?11"),
      body_(connection, "INSERT INTO bodies(bytes) VALUES(?1)"),
      body_of_(connection, "SELECT body FROM deliveries WHERE id = ?1"),
      rows_(connection, "SELECT coalesce(max(seq), 0) FROM deliveries"),
      insert_(
          connection,
          "INSERT INTO deliveries(seq, id, webhook_id, event, entity_id, body, created_at, resend_of, state_unless_ok, "
          "reason, next_attempt_at, lost_at, lost_seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"),
      update_(
          connection,
          "UPDATE deliveries SET state_unless_ok = ?2, reason = ?3, next_attempt_at = ?4, lost_at = ?5, lost_seq = ?6 "
          "WHERE seq = ?1"),
      attempt_(connection,
               "INSERT OR REPLACE INTO attempts VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
               "?15, ?16)") {}

void Writer::put(const Batch& batch) {
  bodies_.clear();
  rows_.step();
  last_row_ = rows_.number(0);
  rows_.reset();
  if (batch.clock) put(*batch.clock);
  for (const auto& one : batch.organizations) put(one);
  for (const auto& one : batch.entities) put(one);
  for (const auto& one : batch.webhooks) put(one);
  for (const auto& one : batch.deliveries) put(one);
}

void Writer::put(const KeptClock& clock) {
  using namespace std::string_view_literals;
  state_.bind(1, "virtual_clock"sv).bind(2, std::int64_t{clock.virtual_clock}).run();
  state_.bind(1, "now"sv).bind(2, micros(clock.now)).run();
  state_.bind(1, "last_uuid_tick"sv).bind(2, static_cast<std::int64_t>(clock.last_uuid_tick)).run();
}

void Writer::put(const world::Organization& organization) {
  organization_.bind(1, std::string_view{organization.id}).bind(2, std::string_view{organization.name}).run();
}

void Writer::put(const world::KeptEntity& entity) {
  const auto body = entity.body.text();
  entity_.bind(1, std::string_view{entity.id}).bind(2, std::string_view{entity.org_id});
  entity_.bind(3, world::plural(entity.family)).bind(4, micros(entity.updated_at));
  entity_.bind(5, std::int64_t{entity.deleted}).bind(6, std::string_view{body}).run();
}

void Writer::put(const KeptWebhook& webhook) {
  const auto& [registered, status] = webhook;
  const auto events = joined(registered.events);
  webhook_.bind(1, std::string_view{registered.id}).bind(2, std::string_view{registered.org_id});
  webhook_.bind(3, std::string_view{registered.url}).bind(4, std::string_view{registered.url_key});
  webhook_.bind(5, std::string_view{events}).bind(6, std::int64_t{status.enabled});
  webhook_.bind(7, std::int64_t{registered.deleted}).bind(8, std::int64_t{status.consecutive_failures});
  webhook_.bind(9, micros(status.first_failure_at)).bind(10, micros(status.disabled_at));
  webhook_.bind(11, static_cast<std::int64_t>(status.epoch)).run();
}

// Deliveries are never taken out, and come in the order of their numbers: so the row of number n is n + 1.
void Writer::put(const DeliveryChange& change) {
  const auto row = static_cast<std::int64_t>(change.number) + 1;
  if (row > last_row_) {
    insert(row, change);
  } else if (!is_told_by_its_attempt(change)) {
    update_.bind(1, row);
    bind_state(update_, 2, change);
    update_.run();
  }
  auto position = change.first_changed;
  for (const auto& attempt : change.attempts) put(row, position++, attempt);
}

void Writer::insert(std::int64_t row, const DeliveryChange& change) {
  const auto& delivery = *change.made;
  const auto body = row_of_body(delivery);
  insert_.bind(1, row).bind(2, std::string_view{delivery.id}).bind(3, std::string_view{delivery.webhook_id});
  insert_.bind(4, std::string_view{delivery.event}).bind(5, view(delivery.entity_id)).bind(6, body);
  insert_.bind(7, micros(delivery.created_at)).bind(8, view(delivery.resend_of));
  bind_state(insert_, 9, change);
  insert_.run();
  last_row_ = row;
}

// A delivery that is sent again shares the body of the first one, and all deliveries of one change share theirs (R5).
std::int64_t Writer::row_of_body(const Delivery& delivery) {
  if (delivery.resend_of) {
    const bool known = body_of_.bind(1, std::string_view{*delivery.resend_of}).step();
    const auto row = known ? body_of_.number(0) : 0;
    body_of_.reset();
    if (known) return row;
  }
  const auto [at, is_new] = bodies_.try_emplace(delivery.body.get(), 0);
  if (is_new) {
    body_.bind_blob(1, *delivery.body).run();
    at->second = connection_.last_row();
  }
  return at->second;
}

void Writer::put(std::int64_t delivery, std::size_t position, const delivery::Attempt& attempt) {
  const auto outcome = attempt.outcome ? std::optional{to_text(*attempt.outcome)} : std::nullopt;
  const auto status = attempt.status ? std::optional<std::int64_t>{*attempt.status} : std::nullopt;
  attempt_.bind(1, delivery * attempts_per_delivery + static_cast<std::int64_t>(position));
  attempt_.bind(2, std::int64_t{attempt.number}).bind(3, static_cast<std::int64_t>(attempt.epoch));
  attempt_.bind(4, micros(attempt.scheduled_at)).bind(5, micros(attempt.started_at)).bind(6, micros(attempt.ended_at));
  attempt_.bind(7, outcome).bind(8, status);
  attempt_.bind(9, std::string_view{attempt.detail}).bind(10, std::int64_t{attempt.uncertain});
  const auto& phases = attempt.phases;
  attempt_.bind(11, micros(phases.dns)).bind(12, micros(phases.connect)).bind(13, micros(phases.tls));
  attempt_.bind(14, micros(phases.send)).bind(15, micros(phases.wait));
  attempt_.bind(16, attempt.answer.empty() ? std::nullopt : std::optional{std::string_view{attempt.answer}}).run();
}

}  // namespace mock::store
