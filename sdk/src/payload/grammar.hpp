// The grammar of RFC 8259 with exact offsets: what the fast pass (json_passes.hpp) leaves out for speed. Used only once
// a body is known to be refused, or to need the second pass.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <prospero/webhooks/payload/error.hpp>

namespace prospero::webhooks::detail {

/// Where a member of interest stands.
struct MemberPlace {
  unsigned count = 0;
  std::size_t value_begin = 0;  ///< of the first one
  std::size_t value_end = 0;
  std::size_t second_name = 0;  ///< opening quote of the second one's name
};

struct Places {
  std::size_t outermost = 0;  ///< first byte of the outermost value
  MemberPlace event;
  MemberPlace data;
  MemberPlace id;  ///< in the object that is the value of the first `data`
};

struct Fault {
  PayloadErrc code;
  std::size_t offset;
};

struct Walk {
  std::optional<Fault> fault;  ///< the first byte that does not fit the grammar or the depth
  Places places;               ///< complete if there is no fault
};

/// `text` is valid UTF-8. Escaped lone surrogates and numbers of any size fit the grammar.
Walk walk(std::string_view text, std::size_t depth_max);

}  // namespace prospero::webhooks::detail
