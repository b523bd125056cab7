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

Bodies::Bodies(std::uint64_t seed, std::string_view case_id)
    : random_(mix(seed, case_id)), ids_(random_), now_(first_instant) {
  // One organization per run, not per case: a consumer may look at it (S1).
  std::mt19937_64 run_random(mix(seed, "organization"));
  org_id_ = world::UuidV1(run_random).next(first_instant);
}

boost::json::object Bodies::entity(std::string_view event) {
  now_ += 1s;
  auto sample = world::make_sample(event, {ids_.next(now_), org_id_, now_}, random_);
  sample[marker_field] = marker_value;
  return sample;
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

}  // namespace mock::conformance
