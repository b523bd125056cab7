// What a parser by other people makes of the same body.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

/// How parse() and nlohmann/json differ on these bytes; empty when they do not. Compared are what is JSON, the name of
/// the event, the DOM of `data`, which members of the header are there, and the members that may stand only once.
/// Left out are a byte order mark, which nlohmann skips, and what is beyond our limits.
std::string disagreement(std::string_view body);

}  // namespace fuzz
