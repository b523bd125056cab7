#include "prospero/webhooks/testing/builder.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <random>
#include <stdexcept>
#include <utility>

namespace prospero::webhooks::testing {
namespace {

constexpr std::int64_t first_second = 1'767'225'600;  // 2026-01-01T00:00:00Z

/// A version 1 UUID (T1): the seed gives the time, random bits with the multicast bit the node.
Uuid uuid_from(std::mt19937_64& random) {
  Uuid uuid;
  for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x10);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  uuid.bytes[10] |= 0x01;
  return uuid;
}

/// The tokens of a JSON pointer (RFC 6901), `~1` and `~0` resolved.
std::vector<std::string> tokens_of(std::string_view pointer) {
  std::vector<std::string> tokens;
  for (const char c : pointer) {
    if (c == '/')
      tokens.emplace_back();
    else if (tokens.empty())
      throw std::invalid_argument("a JSON pointer starts with '/'");
    else if (!tokens.back().empty() && tokens.back().back() == '~' && (c == '0' || c == '1'))
      tokens.back().back() = c == '0' ? '~' : '/';
    else
      tokens.back() += c;
  }
  if (tokens.empty()) throw std::invalid_argument("an empty JSON pointer names the whole of `data`, not a member");
  return tokens;
}

boost::json::value& element(boost::json::array& array, const std::string& token) {
  std::size_t index = array.size();
  const auto [end, bad] = std::from_chars(token.data(), token.data() + token.size(), index);
  const bool number = bad == std::errc{} && end == token.data() + token.size();
  if ((!number && token != "-") || index > array.size())
    throw std::invalid_argument("the JSON pointer names no place in an array: " + token);
  if (index == array.size()) array.emplace_back(nullptr);
  return array[index];
}

/// The member or element of that name, made if it is missing.
boost::json::value& step_into(boost::json::value& parent, const std::string& token) {
  if (auto* const array = parent.if_array()) return element(*array, token);
  if (parent.is_null()) parent.emplace_object();
  if (auto* const object = parent.if_object()) return (*object)[token];
  throw std::invalid_argument("the JSON pointer leads through a value that has no members, at: " + token);
}

}  // namespace

PayloadBuilder::PayloadBuilder(WebhookEvent event, std::uint64_t seed) : PayloadBuilder(to_text(event), seed) {}

PayloadBuilder::PayloadBuilder(std::string_view event_name, std::uint64_t seed)
    : event_(event_name), data_(boost::json::object{}) {
  std::mt19937_64 random{seed};
  const Timestamp created{first_second + static_cast<std::int64_t>(random() % 31'536'000), 0};
  id(uuid_from(random)).org_id(uuid_from(random)).created_at(created).last_updated_at(created);
}

PayloadBuilder& PayloadBuilder::id(const Uuid& id) {
  return set("/id", boost::json::value(to_text(id)));
}

PayloadBuilder& PayloadBuilder::org_id(const Uuid& id) {
  return set("/orgId", boost::json::value(to_text(id)));
}

PayloadBuilder& PayloadBuilder::created_at(const Timestamp& time) {
  return set("/createdAt", boost::json::value(to_text(time)));
}

PayloadBuilder& PayloadBuilder::last_updated_at(const Timestamp& time) {
  return set("/lastUpdatedAt", boost::json::value(to_text(time)));
}

PayloadBuilder& PayloadBuilder::set(std::string_view pointer, boost::json::value value) {
  boost::json::value* place = &data_;
  for (const auto& token : tokens_of(pointer)) place = &step_into(*place, token);
  *place = std::move(value);
  return *this;
}

PayloadBuilder& PayloadBuilder::without(std::string_view member) {
  data_.get_object().erase(member);
  return *this;
}

std::string PayloadBuilder::body() const {
  return boost::json::serialize(boost::json::object{{"event", event_}, {"data", data_}});
}

AnyPayload PayloadBuilder::payload() const {
  return parse(body()).value();
}

}  // namespace prospero::webhooks::testing
