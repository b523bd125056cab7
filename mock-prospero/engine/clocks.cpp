#include "engine/clocks.hpp"

#include <ctime>

namespace mock::engine {

delivery::Duration boot_time() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);  // cannot fail: a clock that Linux has, an address that is ours
  return std::chrono::duration_cast<delivery::Duration>(std::chrono::seconds{now.tv_sec} +
                                                        std::chrono::nanoseconds{now.tv_nsec});
}

RealClock::RealClock()
    : start_(std::chrono::time_point_cast<delivery::Duration>(std::chrono::system_clock::now())),
      boot_at_start_(boot_time()) {}

}  // namespace mock::engine
