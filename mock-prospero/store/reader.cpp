#include "store/reader.hpp"

#include <map>
#include <sstream>
#include <unordered_map>

#include "store/schema.hpp"
#include "store/words.hpp"

namespace mock::store {
namespace {

using delivery::Attempt;
using delivery::Delivery;
using delivery::Duration;
using delivery::Instant;

Instant instant(std::int64_t micros) {
  return Instant{Duration{micros}};
}

std::optional<Instant> instant(const std::optional<std::int64_t>& micros) {
  if (!micros) return std::nullopt;
  return instant(*micros);
}

std::optional<Duration> phase(const std::optional<std::int64_t>& micros) {
  if (!micros) return std::nullopt;
  return Duration{*micros};
}

std::vector<std::string> split(const std::string& events) {
  std::istringstream words{events};
  std::vector<std::string> names;
  for (std::string name; words >> name;) names.push_back(name);
  return names;
}

std::optional<KeptClock> read_clock(Connection& connection) {
  Statement rows{connection, "SELECT key, value FROM state"};
  std::map<std::string, std::int64_t> values;
  while (rows.step()) values.emplace(rows.text(0), rows.number(1));
  if (values.empty()) return std::nullopt;
  const auto value = [&](const char* key) {
    const auto found = values.find(key);
    if (found == values.end()) throw std::runtime_error{std::string{"its state has no "} + key};
    return found->second;
  };
  return KeptClock{value("virtual_clock") != 0, instant(value("now")),
                   static_cast<std::uint64_t>(value("last_uuid_tick"))};
}

std::vector<world::Organization> read_organizations(Connection& connection) {
  Statement rows{connection, "SELECT id, name FROM organizations ORDER BY seq"};
  std::vector<world::Organization> organizations;
  while (rows.step()) organizations.push_back({rows.text(0), rows.text(1)});
  return organizations;
}

world::SpelledObject read_body(const std::string& text) {
  auto body = world::SpelledObject::of(world::spelled_json(text));
  if (!body || !body->text_at("id")) throw std::runtime_error{"the body of an entity is no object with an id"};
  return *std::move(body);
}

std::vector<world::KeptEntity> read_entities(Connection& connection) {
  Statement rows{connection, "SELECT id, org_id, family, updated_at, deleted, body FROM entities ORDER BY seq"};
  std::vector<world::KeptEntity> entities;
  while (rows.step()) {
    entities.push_back({rows.text(0), family_of(rows.text(2)), rows.text(1), instant(rows.number(3)),
                        rows.number(4) != 0, read_body(rows.text(5))});
  }
  return entities;
}

std::vector<KeptWebhook> read_webhooks(Connection& connection) {
  Statement rows{connection,
                 "SELECT id, org_id, url, url_key, events, deleted, enabled, consecutive_failures, first_failure_at, "
                 "disabled_at, epoch FROM webhooks ORDER BY seq"};
  std::vector<KeptWebhook> webhooks;
  while (rows.step()) {
    auto& [registered, status] = webhooks.emplace_back();
    registered = {rows.text(0), rows.text(1), rows.text(2), rows.text(3), split(rows.text(4)), rows.number(5) != 0};
    status.url = registered.url;
    status.deleted = registered.deleted;
    status.enabled = rows.number(6) != 0;
    status.consecutive_failures = static_cast<int>(rows.number(7));
    status.first_failure_at = instant(rows.optional_number(8));
    status.disabled_at = instant(rows.optional_number(9));
    status.epoch = static_cast<std::uint64_t>(rows.number(10));
  }
  return webhooks;
}

Attempt attempt_in(const Statement& row) {
  Attempt attempt;
  attempt.number = static_cast<int>(row.number(1));
  attempt.epoch = static_cast<std::uint64_t>(row.number(2));
  attempt.scheduled_at = instant(row.number(3));
  attempt.started_at = instant(row.number(4));
  attempt.ended_at = instant(row.optional_number(5));
  if (const auto word = row.optional_text(6)) attempt.outcome = outcome_of(*word);
  if (const auto status = row.optional_number(7)) attempt.status = static_cast<int>(*status);
  attempt.detail = row.text(8);
  attempt.uncertain = row.number(9) != 0;
  attempt.phases = {phase(row.optional_number(10)), phase(row.optional_number(11)), phase(row.optional_number(12)),
                    phase(row.optional_number(13)), phase(row.optional_number(14))};
  attempt.answer = row.optional_text(15).value_or("");
  return attempt;
}

// Goes through the attempts beside the deliveries: both are read in the order of the deliveries' numbers.
class AttemptRows {
 public:
  explicit AttemptRows(Connection& connection)
      : rows_(connection,
              "SELECT seq, number, epoch, scheduled_at, started_at, ended_at, outcome, status, detail, uncertain, "
              "dns, connect, tls, send, wait, answer FROM attempts ORDER BY seq"),
        more_(rows_.step()) {}

  std::vector<Attempt> of(std::int64_t delivery) {
    std::vector<Attempt> attempts;
    for (; more_ && rows_.number(0) / attempts_per_delivery == delivery; more_ = rows_.step())
      attempts.push_back(attempt_in(rows_));
    return attempts;
  }

  bool at_end() const { return !more_; }

 private:
  Statement rows_;
  bool more_;
};

// Bodies by row, so that deliveries which shared one share it again. One that nobody holds any more is read again.
class Bodies {
 public:
  explicit Bodies(Connection& connection) : row_(connection, "SELECT bytes FROM bodies WHERE seq = ?1") {}

  std::shared_ptr<const std::string> of(std::int64_t seq) {
    auto& known = known_[seq];
    auto body = known.lock();
    if (body) return body;
    if (!row_.bind(1, seq).step()) throw std::runtime_error{"a delivery has no body"};
    body = std::make_shared<const std::string>(row_.text(0));
    row_.reset();
    known = body;
    return body;
  }

 private:
  Statement row_;
  std::unordered_map<std::int64_t, std::weak_ptr<const std::string>> known_;
};

Delivery delivery_in(const Statement& row) {
  Delivery delivery;
  delivery.id = row.text(1);
  delivery.webhook_id = row.text(2);
  delivery.event = row.text(3);
  delivery.entity_id = row.optional_text(4);
  delivery.created_at = instant(row.number(6));
  delivery.resend_of = row.optional_text(7);
  delivery.state = state_of(row.text(8));
  if (const auto word = row.optional_text(9)) delivery.reason = reason_of(*word);
  delivery.next_attempt_at = instant(row.optional_number(10));
  delivery.lost_at = instant(row.optional_number(11));
  return delivery;
}

// What the writer left out.
void let_the_last_attempt_tell(Delivery& delivery) {
  if (delivery.attempts.empty()) return;
  const auto& last = delivery.attempts.back();
  const bool came_through = last.outcome == delivery::Outcome::ok;
  if (came_through) delivery.state = delivery::State::delivered;
  if (came_through || !last.ended_at) delivery.next_attempt_at.reset();
}

}  // namespace

KeptWorld read_world(Connection& connection) {
  return {read_clock(connection), read_organizations(connection), read_entities(connection), read_webhooks(connection)};
}

void read_deliveries(Connection& connection, const std::function<void(Delivery)>& visit) {
  Statement rows{connection,
                 "SELECT seq, id, webhook_id, event, entity_id, body, created_at, resend_of, state_unless_ok, reason, "
                 "next_attempt_at, lost_at FROM deliveries ORDER BY seq"};
  AttemptRows attempts{connection};
  Bodies bodies{connection};
  for (std::int64_t row = 1; rows.step(); ++row) {
    if (rows.number(0) != row) throw std::runtime_error{"a delivery is missing"};  // the writer relies on it
    auto delivery = delivery_in(rows);
    delivery.body = bodies.of(rows.number(5));
    delivery.attempts = attempts.of(rows.number(0));
    let_the_last_attempt_tell(delivery);
    visit(std::move(delivery));
  }
  if (!attempts.at_end()) throw std::runtime_error{"an attempt belongs to no delivery"};
}

void read_losses(Connection& connection, const std::function<void(const delivery::DeliveryId&, std::int64_t)>& visit) {
  Statement rows{connection, "SELECT id, lost_seq FROM deliveries WHERE lost_seq IS NOT NULL ORDER BY lost_seq"};
  while (rows.step()) visit(rows.text(0), rows.number(1));
}

}  // namespace mock::store
