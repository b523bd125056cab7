#include "cli/push_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "world/sample.hpp"
#include "world/spelled_json.hpp"
#include "world/uuid_v1.hpp"

namespace mock::cli {
namespace {

std::string read_all(const std::string& file, const char* flag, std::istream& input) {
  std::error_code ignored;
  if (file != "-" && std::filesystem::is_directory(file, ignored)) {
    throw std::invalid_argument(fmt::format("{} {}: is a folder; name a file, or - for standard input", flag, file));
  }
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  if (file != "-" && !opened) {
    throw std::invalid_argument(fmt::format("{} {}: cannot be read: {}", flag, file, std::strerror(errno)));
  }
  std::istream& stream = file == "-" ? input : opened;
  std::string bytes;
  std::array<char, 64 * 1024> piece{};
  while (stream.good()) {
    stream.read(piece.data(), piece.size());
    bytes.append(piece.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad() || !stream.eof()) throw std::invalid_argument(fmt::format("{} {}: cannot be read", flag, file));
  return bytes;
}

std::string read_data(const std::string& file, std::istream& input) {
  try {
    return world::spelled_json(read_all(file, "--data", input));
  } catch (const world::MalformedJson& error) {
    throw std::invalid_argument(
        fmt::format("--data {}: not JSON: {}; --body sends bytes as they are", file, error.what()));
  }
}

[[noreturn]] void refuse_change(std::string_view pointer, std::string_view why) {
  throw std::invalid_argument(fmt::format("--set {}: {}", pointer, why));
}

/// One reference token with ~1 and ~0 decoded; cut off from the front of `rest`, which starts with "/".
std::string take_token(std::string_view& rest, std::string_view pointer) {
  rest.remove_prefix(1);
  const auto raw = rest.substr(0, rest.find('/'));
  rest.remove_prefix(raw.size());
  std::string token;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '~') {
      token += raw[i];
      continue;
    }
    if (++i >= raw.size() || (raw[i] != '0' && raw[i] != '1')) refuse_change(pointer, "after ~ only 0 or 1 may stand");
    token += raw[i] == '0' ? '~' : '/';
  }
  return token;
}

std::size_t index_in(std::size_t size, const std::string& token, std::string_view pointer) {
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc{} || stop != token.data() + token.size() || index >= size) {
    refuse_change(pointer, fmt::format("'{}' is no index of an array of {}", token, size));
  }
  return index;
}

std::string set_at(std::string_view data, std::string_view rest, std::string_view pointer, std::string_view value);

std::string set_in_object(world::SpelledObject object, const std::string& token, std::string_view rest,
                          std::string_view pointer, std::string_view value) {
  const auto twice = std::count_if(object.members().begin(), object.members().end(),
                                   [&](const auto& member) { return member.name == token; }) > 1;
  if (twice) refuse_change(pointer, fmt::format("'{}' stands twice in one object: which one is meant?", token));
  const auto* place = object.find(token);
  object.set(world::quoted(token), set_at(place != nullptr ? *place : "null", rest, pointer, value));
  return object.text();
}

std::string set_in_array(std::vector<std::string> elements, const std::string& token, std::string_view rest,
                         std::string_view pointer, std::string_view value) {
  if (token == "-") elements.emplace_back("null");
  const auto index = token == "-" ? elements.size() - 1 : index_in(elements.size(), token, pointer);
  elements[index] = set_at(elements[index], rest, pointer, value);
  return fmt::format("[{}]", fmt::join(elements, ","));
}

/// `data` with `value` where the rest of the pointer leads to.
std::string set_at(std::string_view data, std::string_view rest, std::string_view pointer, std::string_view value) {
  if (rest.empty()) return std::string{value};
  const auto token = take_token(rest, pointer);
  if (auto object = world::SpelledObject::of(data == "null" ? "{}" : data)) {
    return set_in_object(*std::move(object), token, rest, pointer, value);
  }
  if (auto elements = world::elements_of(data)) {
    return set_in_array(*std::move(elements), token, rest, pointer, value);
  }
  refuse_change(pointer, fmt::format("'{}' lies inside of what is neither object nor array", token));
}

/// JSON as it is spelled; anything else is what a string says.
std::string value_of(std::string_view text, std::string_view pointer) {
  try {
    return world::spelled_json(text);
  } catch (const world::MalformedJson&) {  // then a string, unless it is no text at all
  }
  try {
    return world::spelled_json(world::quoted(text));
  } catch (const world::MalformedJson&) {
    refuse_change(pointer, "the value is not UTF-8");
  }
}

std::string sample(const std::string& event, world::Instant now, std::mt19937_64& random) {
  world::UuidV1 ids(random);
  const auto id = ids.next(now);
  return boost::json::serialize(world::make_sample(event, {id, ids.next(now), now}, random));
}

}  // namespace

std::string apply_change(std::string_view data, std::string_view change) {
  const auto equals = change.find('=');
  const auto pointer = change.substr(0, equals);
  if (equals == std::string_view::npos || !pointer.starts_with('/')) {
    refuse_change(change, "give /pointer=value, such as /status=\"sent\"");
  }
  return set_at(data, pointer, pointer, value_of(change.substr(equals + 1), pointer));
}

PushBody make_push_body(const PushContent& content, world::Instant now, std::mt19937_64& random, std::istream& input) {
  if (!content.body_file.empty()) return {read_all(content.body_file, "--body", input), {}};
  auto data = content.data_file.empty() ? sample(content.event, now, random) : read_data(content.data_file, input);
  for (const auto& change : content.changes) data = apply_change(data, change);
  const auto entity = world::SpelledObject::of(data);
  return {world::splice_body(content.event, data), entity ? entity->text_at("id") : std::nullopt};
}

}  // namespace mock::cli
