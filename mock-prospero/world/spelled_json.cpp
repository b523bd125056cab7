#include "world/spelled_json.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <cstdint>
#include <set>
#include <utility>

#include "world/json_scanner.hpp"

namespace mock::world {
namespace {

std::uint32_t hex_at(std::string_view text, std::size_t at) {
  std::uint32_t unit = 0;
  std::from_chars(text.data() + at, text.data() + at + 4, unit, 16);
  return unit;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// The escape at `at`, which is its backslash; returns where it ends.
std::size_t append_escape(std::string& out, std::string_view text, std::size_t at) {
  constexpr std::string_view letters = "bfnrt";
  constexpr std::string_view meanings = "\b\f\n\r\t";
  const char kind = text[at + 1];
  if (kind != 'u') {
    const auto letter = letters.find(kind);
    out += letter == std::string_view::npos ? kind : meanings[letter];
    return at + 2;
  }
  const auto high = hex_at(text, at + 2);
  const bool is_high = high >= 0xd800 && high < 0xdc00;
  const auto low = is_high && text.substr(at + 6, 2) == "\\u" ? hex_at(text, at + 8) : 0;
  if (low >= 0xdc00 && low < 0xe000) {
    append_utf8(out, 0x10000 + ((high - 0xd800) << 10U) + (low - 0xdc00));
    return at + 12;
  }
  append_utf8(out, high);
  return at + 6;
}

template <class Visit>
void visit_elements(std::string_view array, const Visit& visit) {
  for (std::size_t at = 1; array[at] != ']';) {
    const auto end = end_of_value(array, at);
    visit(array.substr(at, end - at));
    at = array[end] == ',' ? end + 1 : end;
  }
}

template <class Visit>
void visit_members(std::string_view object, const Visit& visit) {
  for (std::size_t at = 1; object[at] != '}';) {
    const auto colon = end_of_value(object, at);
    const auto end = end_of_value(object, colon + 1);
    visit(object.substr(at, colon - at), object.substr(colon + 1, end - colon - 1));
    at = object[end] == ',' ? end + 1 : end;
  }
}

}  // namespace

std::string spelled_json(std::string_view text, std::size_t depth_max) {
  return JsonScanner{text, depth_max}.run();
}

std::optional<std::vector<std::string>> elements_of(std::string_view value) {
  if (!value.starts_with('[')) return std::nullopt;
  std::vector<std::string> elements;
  visit_elements(value, [&](std::string_view element) { elements.emplace_back(element); });
  return elements;
}

std::optional<std::string> text_in(std::string_view value) {
  if (!value.starts_with('"')) return std::nullopt;
  std::string out;
  for (std::size_t at = 1; value[at] != '"';) {
    if (value[at] == '\\') {
      at = append_escape(out, value, at);
    } else {
      out += value[at++];
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string{text.data(), text.size()});
}

std::optional<std::string> repeated_name(std::string_view value) {
  std::optional<std::string> found;
  const auto look_into = [&](std::string_view part) {
    if (!found) found = repeated_name(part);
  };
  if (value.starts_with('[')) visit_elements(value, look_into);
  if (!value.starts_with('{')) return found;
  std::set<std::string> seen;
  visit_members(value, [&](std::string_view key, std::string_view part) {
    auto name = text_in(key).value();
    if (!found && seen.contains(name)) found = name;
    seen.insert(std::move(name));
    look_into(part);
  });
  return found;
}

std::optional<SpelledObject> SpelledObject::of(std::string_view value) {
  if (!value.starts_with('{')) return std::nullopt;
  SpelledObject object;
  visit_members(value, [&](std::string_view key, std::string_view part) {
    object.members_.push_back({text_in(key).value(), std::string{key}, std::string{part}});
  });
  return object;
}

const std::string* SpelledObject::find(std::string_view name) const {
  const auto found =
      std::find_if(members_.rbegin(), members_.rend(), [&](const Member& member) { return member.name == name; });
  return found == members_.rend() ? nullptr : &found->value;
}

std::optional<std::string> SpelledObject::text_at(std::string_view name) const {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  return text_in(*value);
}

void SpelledObject::set(std::string_view key, std::string value) {
  auto name = text_in(key).value();
  const auto found =
      std::find_if(members_.begin(), members_.end(), [&](const Member& member) { return member.name == name; });
  if (found == members_.end()) {
    members_.push_back({std::move(name), std::string{key}, std::move(value)});
  } else {
    found->value = std::move(value);
  }
}

void SpelledObject::erase(std::string_view name) {
  std::erase_if(members_, [&](const Member& member) { return member.name == name; });
}

std::string SpelledObject::text() const {
  std::string out = "{";
  for (const auto& member : members_) {
    if (out.size() > 1) out += ',';
    out += member.key;
    out += ':';
    out += member.value;
  }
  return out += '}';
}

}  // namespace mock::world
