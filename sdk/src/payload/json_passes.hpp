// The two passes over JSON that Boost.JSON's parser makes for us: one that validates and takes the header, one that
// builds the DOM.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <prospero/webhooks/payload/entity.hpp>

namespace prospero::webhooks::detail {

/// The kinds of value that matter to a push.
enum class Kind : unsigned char { other, string, object };

/// What was seen of a member whose repetition is refused.
struct MemberSeen {
  unsigned count = 0;
  Kind kind = Kind::other;  ///< of the last one
};

/// Where the value of `data` stands.
struct DataPlace {
  std::size_t begin = 0;
  std::size_t size = 0;
};

/// A body that is a JSON text, as far as a push goes.
struct Facts {
  Kind outermost = Kind::other;
  MemberSeen event;
  MemberSeen data;
  MemberSeen id;                        ///< in `data`
  std::string event_name;               ///< if `event` is a string
  bool id_is_uuid = false;              ///< then it is in the header
  EntityHeader header;                  ///< of `data`
  std::optional<DataPlace> data_place;  ///< nullopt where only walk() can tell: a top-level name was escaped
};

/// One pass over all of `text`. Nullopt when it is not a JSON text, deeper than `depth_max`, or one of the valid texts
/// that need repaired().
std::optional<Facts> scan(std::string_view text, std::size_t depth_max);

/// The DOM of one JSON value; nullopt for a text that scan() would refuse. Numbers with a fraction or an exponent are
/// the nearest double. Throws std::bad_alloc.
std::optional<boost::json::value> build_dom(std::string_view text, boost::json::storage_ptr storage);

}  // namespace prospero::webhooks::detail
