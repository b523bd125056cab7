// What parse() makes of the documents that the suite leaves to the implementation (i_), and why.
#pragma once

#include <optional>
#include <prospero/webhooks/payload/error.hpp>
#include <string_view>
#include <vector>

namespace json_suite {

struct Pinned {
  std::string_view name;
  std::optional<prospero::webhooks::PayloadErrc> code;  ///< as `data` of a push; nullopt: accepted
  std::string_view reason;
};

const std::vector<Pinned>& pinned();

}  // namespace json_suite
