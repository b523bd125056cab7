// The bytes of each identity, once.
#pragma once

#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>
#include <string_view>

#include "inbox_body_numbers.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// What is known of the bytes that may be stored of the same identity: nothing, so that they are looked at; or that
/// they cannot be read, so that they are kept anew, with a number of their own.
enum class StoredBytes { readable, unreadable };

/// What is kept of a body that is set aside beyond the quota.
constexpr std::size_t cut_body_bytes = 4'096;

/// The rows of body ?1 for which a condition holds. The one that has the number of the body has no entry in the index.
std::string rows_of_body(const std::string& columns, const std::string& condition);

/// All throw SqliteError.
class BodyReads {
 public:
  explicit BodyReads(SqliteConnection& connection);

  std::optional<StoredBody> find(std::int64_t number);
  std::uint64_t quarantined_bytes();

 private:
  SqliteStatement find_, aside_bytes_;
};

/// All throw SqliteError. Those that write expect a transaction.
class InboxBodies {
 public:
  InboxBodies(SqliteConnection& connection, BodyNumbers& numbers);

  std::optional<StoredBody> find(std::int64_t number) { return reads_.find(number); }

  /// The number that rows know a body by; nothing when these bytes never came, or none of their rows is left.
  std::optional<std::int64_t> number(const Identity& identity);

  /// Keeps a body with this number, which none had before.
  void add(std::int64_t number, const Identity& identity, std::string_view bytes);
  /// Sees that these bytes are stored, of which only the beginning was kept, or nothing, if they were not whole. Throws
  /// SqliteError of not_a_database when others are stored.
  void complete(std::int64_t id, const Identity& identity, std::string_view bytes);
  /// Keeps it, or its beginning, with this new number, or leaves what is kept of it already; gives its number. Looks
  /// whether what is kept can be read, and throws if not, if that is not known yet.
  std::int64_t put_aside(std::int64_t number, const Identity& identity, std::string_view bytes, std::uint64_t full_size,
                         std::uint64_t quota_bytes, StoredBytes stored);

  /// After a quarantined row of this identity has gone: its body counts no longer, unless another such row is there.
  void release_aside(std::int64_t number);
  /// Forgets the body unless a row needs it.
  void drop_if_unused(std::int64_t number, const Identity& identity);
  /// Forgets the bytes, though rows know of them; returns whether they were there.
  bool erase(std::int64_t number, const Identity& identity);

 private:
  bool is_aside(std::int64_t number);
  void cut(const Identity& identity, std::uint64_t full_size);
  void count_aside(std::int64_t change);

  SqliteConnection& connection_;
  BodyNumbers& numbers_;
  BodyReads reads_;
  SqliteStatement insert_, replace_, insert_cut_, delete_, delete_cut_, is_used_, is_aside_, count_aside_;
};

}  // namespace prospero::webhooks
