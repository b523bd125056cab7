#include "inbox_pending.hpp"

#include <cstring>
#include <string>

#include "identity.hpp"
#include "inbox_fresh.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::uint64_t unknown = 0;  // no row has this number

}  // namespace

EntityKey::EntityKey(std::string_view entity) {
  const Identity digest = identity_of(entity);
  std::memcpy(&high, digest.bytes.data(), sizeof high);
  std::memcpy(&low, digest.bytes.data() + sizeof high, sizeof low);
}

PendingEntities::PendingEntities(SqliteConnection& connection) {
  SqliteStatement first{connection,
                        "SELECT entity FROM arrival INDEXED BY arrival_ready"
                        " WHERE state = 'pending' AND waits = 0 AND entity IS NOT NULL"
                        " UNION ALL SELECT entity FROM arrival NOT INDEXED WHERE seq >= " +
                            fresh_from + " AND " + is_fresh + " AND entity IS NOT NULL"};
  while (first.step()) newest_.emplace(EntityKey{first.bytes(0)}, unknown);
}

bool PendingEntities::is_newest(const EntityKey& entity, std::uint64_t seq) const {
  const auto found = newest_.find(entity);
  return found != newest_.end() && found->second == seq;
}

void PendingEntities::add_newest(const EntityKey& entity, std::uint64_t seq) {
  set(entity, seq);
}

void PendingEntities::add_older(const EntityKey& entity) {
  if (!has(entity)) set(entity, unknown);
}

void PendingEntities::set(const EntityKey& key, std::uint64_t newest) {
  const auto found = newest_.find(key);
  changes_.push_back({key, found != newest_.end(), found != newest_.end() ? found->second : unknown});
  newest_.insert_or_assign(key, newest);
}

void PendingEntities::remove(const EntityKey& entity) {
  const auto found = newest_.find(entity);
  if (found == newest_.end()) return;
  changes_.push_back({found->first, true, found->second});
  newest_.erase(found);
}

void PendingEntities::undo_to(Mark mark) noexcept {
  for (; changes_.size() > mark; changes_.pop_back()) {
    const Change& change = changes_.back();
    if (change.was_there)
      newest_.insert_or_assign(change.key, change.newest);
    else
      newest_.erase(change.key);
  }
}

}  // namespace prospero::webhooks
