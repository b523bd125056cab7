// Ids in 16 bytes. Nearly every id is UUID text (T1); any other text is kept in a pool, and the 16 bytes hold its
// number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "delivery/text_pool.hpp"

namespace mock::delivery {

/// How the 16 bytes are to be read.
enum class IdForm : std::uint8_t {
  none,    ///< there is no id
  uuid,    ///< they are the UUID
  pooled,  ///< they begin with a number of the pool
};

struct PackedId {
  std::array<std::uint8_t, 16> bytes{};
  IdForm form = IdForm::none;

  bool operator==(const PackedId&) const = default;
};

/// Gives back exactly the text that went in: only lower-case UUID text of the form 8-4-4-4-12 is kept as a UUID.
PackedId pack(std::string_view id, TextPool& pool);
/// As pack(), but adds nothing: empty if the pool does not know the text.
std::optional<PackedId> find_packed(std::string_view id, const TextPool& pool);
std::string unpack(const PackedId& id, const TextPool& pool);  ///< the id must not be `none`

}  // namespace mock::delivery
