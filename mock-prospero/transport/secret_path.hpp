// The path of a webhook URL is a secret, and consumers repeat it in what they answer.
#pragma once

#include <string>
#include <string_view>

namespace mock::transport {

/// `text` with the path and query of `url`, and each longer part of them, as ***, also where they stand
/// percent-decoded.
std::string without_secrets(std::string text, std::string_view url);

}  // namespace mock::transport
