// Which entities have an arrival pending.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// An entity's name (FAMILY/ID) in 16 bytes, of a SHA-256: nobody finds two names that share them.
struct EntityKey {
  explicit EntityKey(std::string_view entity);
  friend bool operator==(const EntityKey&, const EntityKey&) = default;

  std::uint64_t high, low;
};

/// While one arrival of an entity is pending, the later ones wait (`waits` = 1), so each arrival asks for its entity.
/// An index by entity would cost a page of the file for each push; this stays in memory, 30 to 60 bytes for each entity
/// that has arrivals pending, and is read from the file when that is opened.
///
/// What a transaction changed is settled with keep(), or undone with undo_to().
class PendingEntities {
 public:
  /// Throws SqliteError.
  explicit PendingEntities(SqliteConnection& connection);

  bool has(const EntityKey& entity) const { return newest_.contains(entity); }
  /// Whether row `seq`, which is pending, is known to be the newest of all of the entity, the settled ones included.
  bool is_newest(const EntityKey& entity, std::uint64_t seq) const;

  /// Row `seq` is pending now, and newer than all others of the entity.
  void add_newest(const EntityKey& entity, std::uint64_t seq);
  /// A row is pending now that may have newer ones behind it.
  void add_older(const EntityKey& entity);
  /// None of its rows is pending any more.
  void remove(const EntityKey& entity);

  using Mark = std::size_t;
  Mark mark() const noexcept { return changes_.size(); }
  void undo_to(Mark mark) noexcept;
  void keep() noexcept { changes_.clear(); }

 private:
  struct KeyHash {
    std::size_t operator()(const EntityKey& key) const noexcept { return key.high; }
  };
  struct Change {
    EntityKey key;
    bool was_there;
    std::uint64_t newest;
  };
  void set(const EntityKey& key, std::uint64_t newest);

  boost::unordered_flat_map<EntityKey, std::uint64_t, KeyHash> newest_;
  std::vector<Change> changes_;
};

}  // namespace prospero::webhooks
