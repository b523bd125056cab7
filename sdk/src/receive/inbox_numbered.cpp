#include "inbox_numbered.hpp"

#include <cstring>
#include <new>

#include "inbox_rows.hpp"

namespace prospero::webhooks {

NumberedIdentities::NumberedIdentities(SqliteConnection& connection, std::size_t max) : max_(max) {
  try {
    SqliteStatement all{connection, "SELECT identity FROM body_number"};
    while (known_ && all.step()) add(identity_from(all.bytes(0)));
  } catch (const SqliteError& error) {
    if (!error.is_unreadable()) throw;
    forget();
  }
}

void NumberedIdentities::add(const Identity& identity) noexcept {
  if (!known_) return;
  try {
    parts_.insert(part_of(identity));
  } catch (const std::bad_alloc&) {
    return forget();
  }
  if (parts_.size() > max_) forget();
}

std::uint32_t NumberedIdentities::part_of(const Identity& identity) {
  std::uint32_t part = 0;
  std::memcpy(&part, identity.bytes.data(), sizeof part);
  return part;
}

void NumberedIdentities::forget() noexcept {
  known_ = false;
  parts_ = {};
}

}  // namespace prospero::webhooks
