// The wall clock, in what the inbox keeps.
#pragma once

#include <prospero/webhooks/receive/gaps.hpp>

namespace prospero::webhooks {

inline InboxTime wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace prospero::webhooks
