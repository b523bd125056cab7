// Sample entities, for pushes that bring no data of their own.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <random>
#include <string>
#include <string_view>

#include "world/date_time.hpp"

namespace mock::world {

/// Who a sample is: the header that every entity carries (T1, T3).
struct SampleHeader {
  std::string id;      ///< UUID text
  std::string org_id;  ///< UUID text
  Instant now{};       ///< becomes lastUpdatedAt, and createdAt too for `*.created`; otherwise createdAt is earlier
};

/// An entity as `event_name` (`invoice.updated`) would carry it: id, orgId, createdAt, lastUpdatedAt, and fields whose
/// names start with `sample`, because Prospero's real fields are not known to us (T4). The family is the part before
/// the dot; of an unknown family the sample has a title only. Equal states of `random` give equal samples.
boost::json::object make_sample(std::string_view event_name, const SampleHeader& header, std::mt19937_64& random);

/// The body of a push: exactly `{"event": event_name, "data": data}`, in that order (D1).
std::string make_body(std::string_view event_name, const boost::json::value& data);
/// The same of JSON text, which stays as it is spelled (T4).
std::string splice_body(std::string_view event_name, std::string_view data);

}  // namespace mock::world
