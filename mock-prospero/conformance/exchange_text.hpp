// A request and its answer in one line each, as reports show them: shortened, without the secret path.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "conformance/wire.hpp"

namespace mock::conformance {

/// What it was and how its body begins, in printable ASCII; without `with_body` only the size of that, for recorded
/// payloads are somebody's data.
std::string request_text(std::string_view how, std::string_view body, bool with_body);

/// The `how` of a request of the wire: method, form, and the header fields if they are not the ordinary ones.
std::string how_text(const WireRequest& request);

/// Status line and header fields, with " | " between them, and how the body begins, in printable ASCII (other bytes as
/// \xNN); of what is no HTTP, how it begins. The path of `url`, and each longer part of it, appears as ***. Empty if
/// nothing was received. Without `with_body` only the size of the body is told: it may repeat the payload.
std::string answer_text(std::string_view received, std::string_view url, bool with_body);

}  // namespace mock::conformance
