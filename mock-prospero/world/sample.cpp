#include "world/sample.hpp"

#include <fmt/core.h>

#include <array>
#include <boost/json/serialize.hpp>

#include "contract/values.hpp"
#include "world/spelled_json.hpp"

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr std::array titles{"Matinee", "Dress Rehearsal", "Soundcheck", "Gala Evening", "Chamber Concert", "Premiere"};

template <std::size_t N>
std::string_view pick(const std::array<const char*, N>& choices, std::mt19937_64& random) {
  return choices[random() % N];
}

Instant some_evening_after(Instant now, std::mt19937_64& random) {
  return std::chrono::floor<days>(now) + days{1 + static_cast<int>(random() % 90)} + hours{19};
}

// What the help pages tell of an Event: a title, a start, an end; confirmed, tentative or cancelled (T4).
void add_event_fields(boost::json::object& entity, Instant now, std::mt19937_64& random) {
  constexpr std::array statuses{"confirmed", "tentative", "cancelled"};
  const auto start = some_evening_after(now, random);
  entity["sampleStart"] = date_time_text(start);
  entity["sampleEnd"] = date_time_text(start + hours{2 + static_cast<int>(random() % 2)});
  entity["sampleStatus"] = pick(statuses, random);
}

void add_invoice_fields(boost::json::object& entity, Instant now, std::mt19937_64& random) {
  constexpr std::array statuses{"draft", "sent", "paid"};
  entity["sampleAmount"] = fmt::format("{}.00", 100 + random() % 9900);
  entity["sampleDueDate"] = date_text(some_evening_after(now, random));
  entity["sampleStatus"] = pick(statuses, random);
}

void add_offer_fields(boost::json::object& entity, Instant now, std::mt19937_64& random) {
  constexpr std::array statuses{"open", "accepted", "declined"};
  const auto start = some_evening_after(now, random);
  entity["sampleDate"] = date_text(start);
  entity["sampleTime"] = time_text(start);
  entity["sampleStatus"] = pick(statuses, random);
}

void add_family_fields(boost::json::object& entity, std::string_view family, Instant now, std::mt19937_64& random) {
  if (family == "event") {
    add_event_fields(entity, now, random);
  } else if (family == "invoice") {
    add_invoice_fields(entity, now, random);
  } else if (family == "offer") {
    add_offer_fields(entity, now, random);
  }
}

}  // namespace

boost::json::object make_sample(std::string_view event_name, const SampleHeader& header, std::mt19937_64& random) {
  const auto dot = event_name.find('.');
  const auto family = event_name.substr(0, dot);
  const bool created = dot != std::string_view::npos && event_name.substr(dot + 1) == "created";
  const auto age = created ? hours{0} : hours{1 + static_cast<int>(random() % 500)};

  boost::json::object entity;
  entity["id"] = header.id;
  entity["orgId"] = header.org_id;
  entity["createdAt"] = date_time_text(header.now - age);
  entity["lastUpdatedAt"] = date_time_text(header.now);
  entity["sampleTitle"] = pick(titles, random);
  add_family_fields(entity, family, header.now, random);
  return entity;
}

std::string splice_body(std::string_view event_name, std::string_view data) {
  const auto event_key = PROSPERO_FAULT(D1_event_under_another_key) ? "type" : contract::body_keys.event;
  return fmt::format("{{{}:{},{}:{}}}", quoted(event_key), quoted(event_name), quoted(contract::body_keys.data), data);
}

std::string make_body(std::string_view event_name, const boost::json::value& data) {
  return splice_body(event_name, boost::json::serialize(data));
}

}  // namespace mock::world
