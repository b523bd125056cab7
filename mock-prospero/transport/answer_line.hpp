// How a consumer answered, as one line for people.
#pragma once

#include <string>
#include <string_view>

#include "transport/response_reader.hpp"

namespace mock::transport {

/// `opening` in one line of at most 160 bytes without the path of `url` (secret_path.hpp says in which forms), in
/// printable ASCII: other bytes appear as \xNN, and "..." ends what is shortened. Empty if nothing came.
std::string answer_line(const ResponseReader::Opening& opening, std::string_view url);

}  // namespace mock::transport
