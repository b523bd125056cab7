// Stored bytes as a person may look at them: whoever knows the secret path can have anything stored.
#pragma once

#include <string>
#include <string_view>

namespace consumer {

/// Letters and signs in UTF-8, tabs and line ends stay. Bytes that could steer a terminal or turn the direction of the
/// text, and those that are no UTF-8, appear as \xNN.
std::string for_terminal(std::string_view bytes);

}  // namespace consumer
