// What a push sends: the entity, a sample of one, or raw bytes.
#pragma once

#include <iosfwd>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "world/date_time.hpp"

namespace mock::cli {

struct PushContent {
  std::string event = {};
  std::string data_file = {};             ///< --data: JSON, the entity; "-" is standard input; empty: a sample
  std::string body_file = {};             ///< --body: the raw bytes, sent as they are; excludes the others
  std::vector<std::string> changes = {};  ///< --set: /pointer=value, into the entity
};

struct PushBody {
  std::string bytes;
  std::optional<std::string> entity_id;  ///< of an entity that has one
};

/// The body of the push (D1); --data and --set stay as they are spelled (T4). Throws std::invalid_argument, naming the
/// flag and what to do, for a file that cannot be read or is no JSON and for a --set that does not fit.
PushBody make_push_body(const PushContent& content, world::Instant now, std::mt19937_64& random, std::istream& input);

/// `data` with one `/pointer=value` applied (RFC 6901; missing objects are made, "-" appends to an array). The value is
/// read as JSON, and as a string if it is none. Throws std::invalid_argument as above.
std::string apply_change(std::string_view data, std::string_view change);

}  // namespace mock::cli
