// The bodies that the suite sends: what Prospero could send (D1, T1-T4), made from a seed, marked as a test's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
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

/// What the bodies are made of, where a person said so.
struct Material {
  std::map<std::string, boost::json::object>
      entities{};                       ///< by family (`invoice`): recorded ones, to take the fields of
  std::optional<std::string> org_id{};  ///< `orgId` of every entity
  bool marker = true;                   ///< false: no marker field
};

/// Makes the bodies of one case. The same seed and case id give the same bytes in the same order, whatever other cases
/// run; every body is about an entity of its own. Not thread-safe.
class Bodies {
 public:
  /// `material` must outlive it.
  Bodies(std::uint64_t seed, std::string_view case_id, const Material& material = no_material());

  std::string ordinary(std::string_view event);
  /// Text with characters of two, three and four UTF-8 bytes, quotes and a backslash, written as UTF-8.
  std::string unicode(std::string_view event);
  /// The same kind of text in pure ASCII, with \uXXXX escapes and surrogate pairs.
  std::string unicode_escaped(std::string_view event);
  /// `data` before `event`: a JSON object has no order.
  std::string data_first(std::string_view event);
  /// At least `bytes` long, through one long text field.
  std::string large(std::string_view event, std::size_t bytes);
  /// With one more field in `data`, given as JSON text that is sent as it stands.
  std::string with_field(std::string_view event, std::string_view name, std::string_view json_text);
  /// `data` without the T3 members.
  std::string without_times(std::string_view event);
  /// `data` is the id alone (T7).
  std::string id_only(std::string_view event);

  /// A new entity as `event` would carry it.
  boost::json::object entity(std::string_view event);
  /// The same entity a second later.
  boost::json::object later(boost::json::object entity);
  /// A seeded number below `limit`, for what else a case has to choose.
  std::uint64_t draw(std::uint64_t limit) { return random_() % limit; }
  /// True if the fields come from recorded entities.
  bool from_records() const noexcept { return !material_.entities.empty(); }

 private:
  static const Material& no_material();
  boost::json::object new_entity(std::string_view event);

  const Material& material_;
  std::mt19937_64 random_;
  world::UuidV1 ids_;
  std::string org_id_;
  world::Instant now_;
};

}  // namespace mock::conformance
