// The pass over a body that finds where everything of interest to a push stands, and whether all of it is JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "grammar.hpp"

namespace prospero::webhooks::detail {

/// Where a member of interest stands; the first one of its name.
struct MemberPlace {
  std::uint32_t count = 0;
  std::uint32_t value_begin = 0;
  std::uint32_t value_end = 0;
  std::uint32_t second_name = 0;  ///< opening quote of the second one's name
};

struct Places {
  std::uint32_t outermost = 0;  ///< first byte of the outermost value
  MemberPlace event;
  MemberPlace data;
  MemberPlace id;  ///< this and those below: in the object that is the value of the first `data`
  MemberPlace org_id;
  MemberPlace created_at;
  MemberPlace last_updated_at;
};

struct Scan {
  std::optional<Fault> fault;  ///< the first byte that does not fit the grammar, the depth or UTF-8
  Places places;               ///< complete if there is no fault
};

/// `text` has less than 4 GiB.
Scan scan(const std::string& text, std::size_t depth_max);

/// The first byte of `text` that is not part of a valid UTF-8 sequence.
std::optional<std::size_t> first_invalid_utf8(const std::string& text) noexcept;

}  // namespace prospero::webhooks::detail
