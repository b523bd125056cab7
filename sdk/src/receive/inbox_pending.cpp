#include "inbox_pending.hpp"

#include <cstring>
#include <string>

#include "identity.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::uint64_t unknown = 0;  // no row has this number

}  // namespace

PendingEntities::PendingEntities(SqliteConnection& connection) {
  SqliteStatement first{connection,
                        "SELECT entity FROM arrival INDEXED BY arrival_ready"
                        " WHERE state = 'pending' AND waits = 0 AND entity IS NOT NULL ORDER BY retry_at, seq"};
  while (first.step()) newest_.emplace(key_of(first.bytes(0)), unknown);
}

PendingEntities::Key PendingEntities::key_of(std::string_view entity) {
  const Identity digest = identity_of(entity);
  Key key{};
  std::memcpy(&key.high, digest.bytes.data(), sizeof key.high);
  std::memcpy(&key.low, digest.bytes.data() + sizeof key.high, sizeof key.low);
  return key;
}

bool PendingEntities::has(std::string_view entity) const {
  return newest_.contains(key_of(entity));
}

bool PendingEntities::is_newest(std::string_view entity, std::uint64_t seq) const {
  const auto found = newest_.find(key_of(entity));
  return found != newest_.end() && found->second == seq;
}

void PendingEntities::add_newest(std::string_view entity, std::uint64_t seq) {
  set(key_of(entity), seq);
}

void PendingEntities::add_older(std::string_view entity) {
  if (!has(entity)) set(key_of(entity), unknown);
}

void PendingEntities::set(const Key& key, std::uint64_t newest) {
  const auto found = newest_.find(key);
  changes_.push_back({key, found != newest_.end(), found != newest_.end() ? found->second : unknown});
  newest_.insert_or_assign(key, newest);
}

void PendingEntities::remove(std::string_view entity) {
  const auto found = newest_.find(key_of(entity));
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
