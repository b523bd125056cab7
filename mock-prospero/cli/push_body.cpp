#include "cli/push_body.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "world/sample.hpp"
#include "world/uuid_v1.hpp"
#include "world/writable.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

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

json::value read_data(const std::string& file, std::istream& input) {
  json::error_code error;
  auto value = json::parse(read_all(file, "--data", input), error);
  if (error) {
    throw std::invalid_argument(
        fmt::format("--data {}: not JSON ({}); --body sends bytes as they are", file, error.message()));
  }
  if (!world::is_writable(value)) {
    throw std::invalid_argument(
        fmt::format("--data {}: a number is beyond a double, such as 1e999; --body sends bytes as they are", file));
  }
  return value;
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

json::value& element_of(json::array& array, const std::string& token, std::string_view pointer) {
  if (token == "-") return array.emplace_back(nullptr);
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc{} || stop != token.data() + token.size() || index >= array.size()) {
    refuse_change(pointer, fmt::format("'{}' is no index of an array of {}", token, array.size()));
  }
  return array[index];
}

json::value& step_into(json::value& value, const std::string& token, std::string_view pointer) {
  if (value.is_null()) value.emplace_object();
  if (auto* object = value.if_object()) return (*object)[token];
  if (auto* array = value.if_array()) return element_of(*array, token, pointer);
  refuse_change(pointer, fmt::format("'{}' lies inside of what is neither object nor array", token));
}

std::optional<std::string> id_of(const json::value& data) {
  const auto* object = data.if_object();
  const auto* id = object != nullptr ? object->if_contains("id") : nullptr;
  if (id == nullptr || !id->is_string()) return std::nullopt;
  return std::string(id->get_string());
}

json::value sample(const std::string& event, world::Instant now, std::mt19937_64& random) {
  world::UuidV1 ids(random);
  const auto id = ids.next(now);
  return world::make_sample(event, {id, ids.next(now), now}, random);
}

}  // namespace

void apply_change(json::value& data, const std::string& change) {
  const auto equals = change.find('=');
  const auto pointer = std::string_view(change).substr(0, equals);
  if (equals == std::string::npos || !pointer.starts_with('/')) {
    refuse_change(change, "give /pointer=value, such as /status=\"sent\"");
  }
  auto* place = &data;
  for (auto rest = pointer; !rest.empty();) place = &step_into(*place, take_token(rest, pointer), pointer);
  const auto text = std::string_view(change).substr(equals + 1);
  json::error_code error;
  auto value = json::parse({text.data(), text.size()}, error);
  if (!error && !world::is_writable(value)) refuse_change(change, "the number is beyond a double");
  *place = error ? json::value(text) : std::move(value);
}

PushBody make_push_body(const PushContent& content, world::Instant now, std::mt19937_64& random, std::istream& input) {
  if (!content.body_file.empty()) return {read_all(content.body_file, "--body", input), {}};
  auto data = content.data_file.empty() ? sample(content.event, now, random) : read_data(content.data_file, input);
  for (const auto& change : content.changes) apply_change(data, change);
  return {world::make_body(content.event, data), id_of(data)};
}

}  // namespace mock::cli
