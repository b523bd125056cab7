// The bodies that the suite sends: what Prospero could send (D1, T1-T4), made from a seed, marked as a test's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "world/date_time.hpp"
#include "world/uuid_v1.hpp"

namespace mock::conformance {

/// The field of `data` that tells a test push from a real one. Its value is `mock-prospero conform`.
inline constexpr std::string_view marker_field = "sampleMarker";
inline constexpr std::string_view marker_value = "mock-prospero conform";

/// Makes the bodies of one case. The same seed and case id give the same bytes in the same order, whatever other cases
/// run; every body is about an entity of its own. Not thread-safe.
class Bodies {
 public:
  Bodies(std::uint64_t seed, std::string_view case_id);

  std::string ordinary(std::string_view event);
  /// Text with characters of two, three and four UTF-8 bytes, quotes and a backslash, written as UTF-8.
  std::string unicode(std::string_view event);
  /// The same kind of text in pure ASCII, with \uXXXX escapes and surrogate pairs.
  std::string unicode_escaped(std::string_view event);
  /// `data` before `event`: a JSON object has no order.
  std::string data_first(std::string_view event);
  /// At least `bytes` long, through one long text field.
  std::string large(std::string_view event, std::size_t bytes);

 private:
  boost::json::object entity(std::string_view event);

  std::mt19937_64 random_;
  world::UuidV1 ids_;
  std::string org_id_;
  world::Instant now_;
};

}  // namespace mock::conformance
