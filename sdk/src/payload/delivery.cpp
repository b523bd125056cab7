#include <prospero/webhooks/payload/delivery.hpp>

#include "hex.hpp"

namespace prospero::webhooks {

std::string Identity::hex() const {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) detail::append_hex(text, byte);
  return text;
}

std::optional<Identity> Identity::from_hex(std::string_view text) noexcept {
  Identity identity;
  if (text.size() != 2 * identity.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < identity.bytes.size(); ++i) {
    const int byte = detail::hex_byte(text.data() + 2 * i);
    if (byte < 0) return std::nullopt;
    identity.bytes[i] = static_cast<std::uint8_t>(byte);
  }
  return identity;
}

}  // namespace prospero::webhooks
