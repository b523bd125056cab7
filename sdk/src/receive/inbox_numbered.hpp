// Which identities have a row in table `body_number`.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <prospero/webhooks/payload/delivery.hpp>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// Nearly every push brings an identity that is not in the table, and a look there costs more than most of what is done
/// for a push. So a part of each digest that is there is kept in memory, 5 to 10 bytes for each.
class NumberedIdentities {
 public:
  static constexpr std::size_t usual_max = 1u << 20;

  /// Reads the table; of one with more than `max` rows, or one that is damaged, it knows nothing. Throws SqliteError
  /// for any other failure.
  explicit NumberedIdentities(SqliteConnection& connection, std::size_t max = usual_max);

  /// False: it surely has none.
  bool may_have(const Identity& identity) const { return !known_ || parts_.contains(part_of(identity)); }
  /// To be told before it gets a row, committed or not.
  void add(const Identity& identity) noexcept;

 private:
  static std::uint32_t part_of(const Identity& identity);
  void forget() noexcept;

  std::size_t max_;
  bool known_ = true;
  boost::unordered_flat_set<std::uint32_t> parts_;
};

}  // namespace prospero::webhooks
