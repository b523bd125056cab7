// How a consumer answered, as one line for people.
#pragma once

#include <string>
#include <string_view>

namespace mock::transport {

/// `opening` without what is secret in `url`, shortened, and in printable ASCII: other bytes appear as \xNN.
std::string answer_line(std::string_view opening, std::string_view url);

}  // namespace mock::transport
