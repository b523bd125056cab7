// Rows and values between SQLite and the inbox's own types.
#pragma once

#include <cstdint>
#include <optional>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>
#include <string_view>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// The columns of a row, in the order that row_from() reads them; `a` is the arrival.
extern const std::string row_columns;
constexpr int row_column_count = 11;

// A value that this version does not write (it opens no newer file) is damage: SqliteError, as for a page of the file
// that is damaged.
InboxRow row_from(const SqliteStatement& from);
InboxState state_from(std::string_view text);
/// The reverse of raw().
Identity identity_from(std::string_view bytes);
SqliteError damaged(const std::string& what);

std::int64_t as_integer(std::uint64_t value) noexcept;
std::int64_t as_integer(InboxTime time) noexcept;
InboxTime as_time(std::int64_t milliseconds) noexcept;
std::uint64_t unsigned_column(const SqliteStatement& row, int column) noexcept;

/// "FAMILY/ID"; nothing for an unknown webhook event.
std::optional<std::string> entity_of(const Arrival& arrival);
std::optional<std::string> entity_of(const InboxRow& row);
/// The ID of "FAMILY/ID".
std::optional<std::string> id_of_entity(const std::optional<std::string>& entity);

std::optional<Freshness> freshness_from(const std::optional<std::string>& text);
std::optional<std::string> text_of(const std::optional<Freshness>& freshness);

}  // namespace prospero::webhooks
