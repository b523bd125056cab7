#include "conformance/bodies.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <chrono>

#include "contract/values.hpp"
#include "world/sample.hpp"

namespace mock::conformance {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view tricky_text = "Dvo\u0159\u00e1k \u2013 \"Rusalka\" \\ Oper \U0001f3ad";

// FNV-1a and the finalizer of splitmix64: std::hash differs between libraries, and bytes must repeat everywhere.
std::uint64_t mix(std::uint64_t seed, std::string_view text) {
  std::uint64_t hash = 14695981039346656037u ^ seed;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
  return hash ^ (hash >> 31);
}

// A fixed day instead of today, so that a seed repeats every byte.
constexpr world::Instant first_instant = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 10h;

std::size_t utf8_length(unsigned char lead) {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

std::uint32_t code_point(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  std::uint32_t value = lead & (0x7fu >> bytes.size());
  for (const char c : bytes.substr(1)) {
    value = (value << 6) | (static_cast<unsigned char>(c) & 0x3fu);
  }
  return value;
}

// Our own serializer's output is valid UTF-8, and non-ASCII only inside strings.
std::string escape_non_ascii(std::string_view json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    const auto length = utf8_length(static_cast<unsigned char>(json[at]));
    if (length == 1) {
      out += json[at];
    } else if (const auto point = code_point(json.substr(at, length)); point < 0x10000) {
      out += fmt::format("\\u{:04x}", point);
    } else {
      out += fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((point - 0x10000) >> 10), 0xdc00 + (point & 0x3ff));
    }
    at += length;
  }
  return out;
}

}  // namespace

Bodies::Bodies(std::uint64_t seed, std::string_view case_id, const Material& material)
    : material_(material), random_(mix(seed, case_id)), ids_(random_), now_(first_instant) {
  // One organization per run, not per case: a consumer may look at it (S1).
  std::mt19937_64 run_random(mix(seed, "organization"));
  org_id_ = material.org_id ? *material.org_id : world::UuidV1(run_random).next(first_instant);
}

const Material& Bodies::no_material() {
  static const Material none;
  return none;
}

boost::json::object Bodies::new_entity(std::string_view event) {
  const auto id = ids_.next(now_);
  const auto recorded = material_.entities.find(std::string(event.substr(0, event.find('.'))));
  if (recorded == material_.entities.end()) {
    return world::make_sample(event, {id, org_id_, now_}, random_);
  }
  auto entity = recorded->second;
  entity["id"] = id;
  for (const auto* const time : {"createdAt", "lastUpdatedAt"}) {
    if (auto* const member = entity.if_contains(time)) *member = world::date_time_text(now_);
  }
  if (material_.org_id) entity["orgId"] = *material_.org_id;
  return entity;
}

boost::json::object Bodies::entity(std::string_view event) {
  now_ += 1s;
  auto entity = new_entity(event);
  if (material_.marker) entity[marker_field] = marker_value;
  return entity;
}

boost::json::object Bodies::later(boost::json::object entity) {
  now_ += 1s;
  if (auto* const member = entity.if_contains("lastUpdatedAt")) *member = world::date_time_text(now_);
  return entity;
}

std::string Bodies::ordinary(std::string_view event) {
  return world::make_body(event, entity(event));
}

std::string Bodies::unicode(std::string_view event) {
  auto data = entity(event);
  data["sampleTitle"] = tricky_text;
  return world::make_body(event, data);
}

std::string Bodies::unicode_escaped(std::string_view event) {
  return escape_non_ascii(unicode(event));
}

std::string Bodies::data_first(std::string_view event) {
  boost::json::object body;
  body[contract::body_keys.data] = entity(event);
  body[contract::body_keys.event] = event;
  return boost::json::serialize(body);
}

std::string Bodies::large(std::string_view event, std::size_t bytes) {
  auto data = entity(event);
  data["sampleNotes"] = std::string(bytes, 'n');
  return world::make_body(event, data);
}

std::string Bodies::with_field(std::string_view event, std::string_view name, std::string_view json_text) {
  auto body = ordinary(event);
  body.resize(body.size() - 2);  // the ends of `data` and of the body
  return fmt::format("{},\"{}\":{}}}}}", body, name, json_text);
}

std::string Bodies::without_times(std::string_view event) {
  auto data = entity(event);
  for (const auto* const member : {"createdAt", "lastUpdatedAt", "orgId"}) {
    data.erase(member);
  }
  return world::make_body(event, data);
}

std::string Bodies::id_only(std::string_view event) {
  return world::make_body(event, boost::json::object{{"id", entity(event).at("id")}});
}

}  // namespace mock::conformance
