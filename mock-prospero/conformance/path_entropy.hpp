// How hard the path of a webhook's URL is to guess.
#pragma once

#include <string_view>

namespace mock::conformance {

/// A rough lower bound, in bits, from the longest part of a path and query: letters and digits mixed count as random
/// hex or base64, letters alone as words.
int path_bits(std::string_view path_and_query);

}  // namespace mock::conformance
