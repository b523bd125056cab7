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

 private:
  SqliteStatement find_, put_;
};

}  // namespace prospero::webhooks
