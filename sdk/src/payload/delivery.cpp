#include <prospero/webhooks/payload/delivery.hpp>

#include "hex.hpp"

namespace prospero::webhooks {

std::string_view to_text(Freshness freshness) noexcept {
  switch (freshness) {
    case Freshness::fresh:
      return "fresh";
    case Freshness::stale:
      return "stale";
    case Freshness::ambiguous:
      return "ambiguous";
    case Freshness::copy:
      return "copy";
  }
  return "unknown";
}

std::optional<Freshness> freshness_from_text(std::string_view text) noexcept {
  for (const Freshness one : {Freshness::fresh, Freshness::stale, Freshness::ambiguous, Freshness::copy})
    if (to_text(one) == text) return one;
  return std::nullopt;
}

void Delivery::observed(Timestamp last_updated_at) {
  observation = Observation{false, last_updated_at};
  if (changed_at && last_updated_at < *changed_at) throw ObservedTooOld{};
}

void Delivery::observed_gone() noexcept {
  observation = Observation{true, std::nullopt};
}

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
