// Text and values as XML and HTML hold them.
#pragma once

#include <string>
#include <string_view>

namespace mock::conformance {

/// `text` with & < > " ' as entities; bytes outside printable ASCII but line ends as `\xNN`, for XML 1.0 cannot hold
/// all of them. Fit for content and for quoted attributes.
std::string markup(std::string_view text);

}  // namespace mock::conformance
