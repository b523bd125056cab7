#include "inbox_rows.hpp"

#include <algorithm>
#include <array>

namespace prospero::webhooks {
namespace {

constexpr std::array states{InboxState::pending, InboxState::processed, InboxState::dead, InboxState::quarantined,
                            InboxState::copy};

std::optional<std::string> joined(const std::optional<std::string>& family, const std::optional<std::string>& id) {
  if (!family || !id) return std::nullopt;
  return *family + "/" + *id;
}

std::optional<std::string> family_of_entity(const std::optional<std::string>& entity) {
  if (!entity) return std::nullopt;
  return entity->substr(0, entity->find('/'));
}

}  // namespace

const std::string row_columns =
    "a.seq, a.identity, a.source, a.event, a.entity, a.received_at, a.state, a.freshness, a.tries, a.copies, a.error";

InboxState state_from(std::string_view text) {
  for (const InboxState state : states)
    if (to_text(state) == text) return state;
  throw damaged("an unknown state");
}

Identity identity_from(std::string_view bytes) {
  Identity identity{};
  if (bytes.size() != identity.bytes.size()) throw damaged("an identity of " + std::to_string(bytes.size()) + " bytes");
  std::transform(bytes.begin(), bytes.end(), identity.bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return identity;
}

SqliteError damaged(const std::string& what) {
  return {SqliteError::Kind::not_a_database, "it holds " + what};
}

std::int64_t as_integer(std::uint64_t value) noexcept {
  return static_cast<std::int64_t>(value);
}
std::int64_t as_integer(InboxTime time) noexcept {
  return time.time_since_epoch().count();
}
InboxTime as_time(std::int64_t milliseconds) noexcept {
  return InboxTime{std::chrono::milliseconds{milliseconds}};
}
std::uint64_t unsigned_column(const SqliteStatement& row, int column) noexcept {
  return static_cast<std::uint64_t>(row.integer(column));
}

std::optional<std::string> entity_of(const Arrival& arrival) {
  return joined(arrival.family, arrival.entity_id);
}
std::optional<std::string> entity_of(const InboxRow& row) {
  return joined(row.family, row.entity_id);
}

std::optional<std::string> id_of_entity(const std::optional<std::string>& entity) {
  const auto slash = entity ? entity->find('/') : std::string::npos;
  return slash == std::string::npos ? std::nullopt : std::optional{entity->substr(slash + 1)};
}

std::optional<Freshness> freshness_from(const std::optional<std::string>& text) {
  return text ? freshness_from_text(*text) : std::nullopt;
}
std::optional<std::string> text_of(const std::optional<Freshness>& freshness) {
  return freshness ? std::optional{std::string{to_text(*freshness)}} : std::nullopt;
}

InboxRow row_from(const SqliteStatement& from) {
  InboxRow row;
  row.seq = unsigned_column(from, 0);
  row.identity = identity_from(from.bytes(1));
  row.source = from.bytes(2);
  row.event = from.optional_text(3);
  const auto entity = from.optional_text(4);
  row.family = family_of_entity(entity);
  row.entity_id = id_of_entity(entity);
  row.received_at = as_time(from.integer(5));
  row.state = state_from(from.bytes(6));
  row.freshness = freshness_from(from.optional_text(7));
  row.tries = static_cast<std::uint32_t>(from.integer(8));
  row.copies = static_cast<std::uint32_t>(from.integer(9));
  row.error = from.bytes(10);
  return row;
}

}  // namespace prospero::webhooks
