// The bytes of each identity, once.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string_view>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// What is kept of a body that is set aside beyond the quota.
constexpr std::size_t cut_body_bytes = 4'096;

/// All throw SqliteError. Those that write expect a transaction.
class InboxBodies {
 public:
  explicit InboxBodies(SqliteConnection& connection);

  std::optional<StoredBody> find(const Identity& identity);

  /// Keeps the whole body, also where only its beginning was kept before.
  void put(const Identity& identity, std::string_view bytes);
  void put_aside(const Identity& identity, std::string_view bytes, std::uint64_t full_size, std::uint64_t quota_bytes);

  /// After a quarantined row of this identity has gone: its body counts no longer, unless another such row is there.
  void release_aside(const Identity& identity);
  /// Forgets the body unless a row needs it; returns how many bytes that were.
  std::uint64_t drop_if_unused(const Identity& identity);
  /// Forgets the body; returns whether there was one.
  bool drop(const Identity& identity);

  std::uint64_t quarantined_bytes();

 private:
  void count_aside(std::int64_t change);

  SqliteConnection& connection_;
  SqliteStatement find_, insert_, find_cut_, replace_, insert_cut_, delete_, delete_cut_, is_used_, is_aside_,
      aside_bytes_, count_aside_;
};

}  // namespace prospero::webhooks
