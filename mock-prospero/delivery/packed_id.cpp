#include "delivery/packed_id.hpp"

#include <cstring>

namespace mock::delivery {
namespace {

constexpr std::size_t uuid_length = 36;
constexpr std::string_view digits = "0123456789abcdef";

constexpr bool is_dash(std::size_t at) {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

std::optional<PackedId> pack_uuid(std::string_view text) {
  if (text.size() != uuid_length) return std::nullopt;
  PackedId id;
  id.form = IdForm::uuid;
  auto* byte = id.bytes.data();
  for (std::size_t at = 0; at < uuid_length;) {
    if (is_dash(at)) {
      if (text[at++] != '-') return std::nullopt;
      continue;
    }
    const int high = value_of(text[at]);
    const int low = value_of(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    *byte++ = static_cast<std::uint8_t>(high * 16 + low);
    at += 2;
  }
  return id;
}

PackedId pooled(std::uint32_t number) {
  PackedId id;
  id.form = IdForm::pooled;
  std::memcpy(id.bytes.data(), &number, sizeof number);
  return id;
}

std::string uuid_text(const std::array<std::uint8_t, 16>& bytes) {
  std::string text(uuid_length, '-');
  const auto* byte = bytes.data();
  for (std::size_t at = 0; at < uuid_length; at += 2) {
    if (is_dash(at)) ++at;
    text[at] = digits[*byte >> 4U];
    text[at + 1] = digits[*byte & 15U];
    ++byte;
  }
  return text;
}

}  // namespace

PackedId pack(std::string_view id, TextPool& pool) {
  if (const auto uuid = pack_uuid(id)) return *uuid;
  return pooled(pool.number_of(id));
}

std::optional<PackedId> find_packed(std::string_view id, const TextPool& pool) {
  if (const auto uuid = pack_uuid(id)) return uuid;
  if (const auto number = pool.find(id)) return pooled(*number);
  return std::nullopt;
}

std::string unpack(const PackedId& id, const TextPool& pool) {
  if (id.form == IdForm::uuid) return uuid_text(id.bytes);
  std::uint32_t number = 0;
  std::memcpy(&number, id.bytes.data(), sizeof number);
  return pool.text(number);
}

}  // namespace mock::delivery
