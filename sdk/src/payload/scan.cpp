#include "scan.hpp"

#include <cstring>

#include "escapes.hpp"

namespace prospero::webhooks::detail {
namespace {

// Notes where the members of interest stand. Of what is deeper than the entity it looks at nothing.
class PlaceSink {
 public:
  PlaceSink(const char* begin, Places& places) noexcept : begin_(begin), places_(places) {}

  MemberPlace* name(const RawString& raw, std::size_t depth) {
    if (depth > 2 || (depth == 2 && !in_first_data_)) return nullptr;
    MemberPlace* const place = raw.escaped ? named(unescaped(raw.text()), depth) : named(raw.text(), depth);
    if (depth == 1) in_first_data_ = place == &places_.data && place->count == 0;
    return place;
  }

  void member(MemberPlace* place, const char* name_begin, const char* begin, const char* end) noexcept {
    if (!place) return;
    ++place->count;
    if (place->count == 1) {
      place->value_begin = offset(begin);
      place->value_end = offset(end);
    } else if (place->count == 2) {
      place->second_name = offset(name_begin);
    }
  }

  void string(const RawString&) noexcept {}
  void number(const char*, const char*, NumberForm) noexcept {}
  void literal(char) noexcept {}
  void object(std::size_t) noexcept {}
  void array(std::size_t) noexcept {}

 private:
  MemberPlace* named(std::string_view name, std::size_t depth) noexcept {
    if (depth == 1) return is(name, "event") ? &places_.event : is(name, "data") ? &places_.data : nullptr;
    if (is(name, "id")) return &places_.id;
    if (is(name, "orgId")) return &places_.org_id;
    if (is(name, "createdAt")) return &places_.created_at;
    return is(name, "lastUpdatedAt") ? &places_.last_updated_at : nullptr;
  }

  // With a size that the compiler knows, the comparison is no call.
  template <std::size_t N>
  static bool is(std::string_view name, const char (&other)[N]) noexcept {
    return name.size() == N - 1 && std::memcmp(name.data(), other, N - 1) == 0;
  }

  std::uint32_t offset(const char* at) const noexcept { return static_cast<std::uint32_t>(at - begin_); }

  const char* begin_;
  Places& places_;
  bool in_first_data_ = false;
};

}  // namespace

Scan scan(const std::string& text, std::size_t depth_max) {
  const char* const begin = text.c_str();
  Scan result;
  PlaceSink sink{begin, result.places};
  Grammar<PlaceSink> grammar{begin, begin + text.size(), depth_max, sink};
  result.fault = grammar.document();
  result.places.outermost = static_cast<std::uint32_t>(grammar.space(begin) - begin);
  return result;
}

std::optional<std::size_t> first_invalid_utf8(const std::string& text) noexcept {
  const char* const begin = text.c_str();
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = static_cast<signed char>(text[i]) < 0 ? utf8_sequence(begin + i) : 1;
    if (size == 0) return i;
    i += size;
  }
  return std::nullopt;
}

}  // namespace prospero::webhooks::detail
