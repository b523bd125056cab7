#include "push_reader.hpp"

#include <algorithm>
#include <string>

namespace prospero::webhooks {
namespace {

// The name of an unknown webhook event may be as long as the body; rows are read by the thousand.
constexpr std::size_t event_name_bytes_max = 256;

std::string shortened(std::string_view name) {
  if (name.size() <= event_name_bytes_max) return std::string{name};
  std::size_t end = event_name_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;  // not within a character
  return std::string{name.substr(0, end)};
}

bool is_identity_coding(std::string_view encoding) {
  constexpr std::string_view identity = "identity";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return encoding.empty() || std::equal(encoding.begin(), encoding.end(), identity.begin(), identity.end(),
                                        [&](char a, char b) { return lower(a) == b; });
}

}  // namespace

const char* const encoded_reason = "the body has a Content-Encoding: it is kept as it came";

std::optional<Timestamp> describe(Arrival& arrival, std::string_view content_encoding, const ParseLimits& limits) {
  if (!is_identity_coding(content_encoding)) {
    arrival.quarantine_reason = encoded_reason;
    return std::nullopt;
  }
  if (arrival.body.empty()) {
    arrival.quarantine_reason = "the body is empty";
    return std::nullopt;
  }
  const ParseResult parsed = parse(arrival.body, limits);
  if (!parsed) {
    arrival.quarantine_reason = parsed.error().message();
    return std::nullopt;
  }
  arrival.event = shortened(event_name(*parsed));
  if (const auto known = known_event(*parsed)) arrival.family = std::string{to_text(family_of(*known))};
  if (const auto id = entity_id(*parsed)) arrival.entity_id = to_text(*id);
  const EntityHeader* const entity = header(*parsed);
  return entity == nullptr ? std::nullopt : entity->last_updated_at;
}

}  // namespace prospero::webhooks
