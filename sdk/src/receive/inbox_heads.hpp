// The heads of the entities: what each was last handled with.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/freshness.hpp>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// `entity` is FAMILY/ID. All throw SqliteError.
class InboxHeads {
 public:
  explicit InboxHeads(SqliteConnection& connection);

  std::optional<Head> find(const std::string& entity);
  void put(const std::string& entity, const Head& head, InboxTime now);
  /// An operator has asked for something to be handed over again: nobody knows what the application's state comes from.
  void doubt(const std::string& entity);

 private:
  SqliteStatement find_, put_, doubt_;
};

}  // namespace prospero::webhooks
