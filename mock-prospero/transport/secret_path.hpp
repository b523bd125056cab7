// The path of a webhook URL is a secret, and consumers repeat it in what they answer.
#pragma once

#include <string>
#include <string_view>

namespace mock::transport {

/// `text` with the path of `url`, its path and query, and each part of them as ***, if it has 6 bytes or more: as it is
/// written in the URL, in other case, and with any of its bytes percent-encoded, also more than once. In no other
/// encoding (base64, HTML entities, JSON escapes, + for a blank). A text may have been cut inside of one, so its
/// beginning (again 6 bytes or more) at the end of the text is replaced too.
std::string without_secrets(std::string_view text, std::string_view url);

}  // namespace mock::transport
