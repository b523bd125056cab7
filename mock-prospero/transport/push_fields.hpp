// What a push says of itself in its header fields (D2).
#pragma once

#include <string>

#include "contract/values.hpp"

namespace mock::transport {

/// Both of one line, printable.
struct PushFields {
  std::string content_type{contract::content_type};
  std::string user_agent{contract::user_agent};
};

}  // namespace mock::transport
