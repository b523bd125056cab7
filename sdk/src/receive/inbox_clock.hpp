// The wall clock, in what the inbox keeps.
#pragma once

#include <prospero/webhooks/payload/types.hpp>
#include <prospero/webhooks/receive/gaps.hpp>

namespace prospero::webhooks {

inline InboxTime wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Whether a time that Prospero gave lies further ahead than clocks differ: nothing has happened then.
inline bool is_in_future(const Timestamp& given, InboxTime now) noexcept {
  constexpr std::chrono::minutes clocks_differ_by{5};
  return given.seconds > std::chrono::floor<std::chrono::seconds>(now + clocks_differ_by).time_since_epoch().count();
}

}  // namespace prospero::webhooks
