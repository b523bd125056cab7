// The clocks of a running machine.
#pragma once

#include "delivery/ports.hpp"

namespace mock::engine {

/// Time since the machine started, suspension included (G7).
delivery::Duration boot_time();

/// The wall clock as it was at construction, moved on by boot_time(): a step of the wall clock neither repeats nor
/// skips an attempt (G7). Thread-safe.
class RealClock final : public delivery::Clock {
 public:
  RealClock();
  delivery::Instant now() const override { return start_ + (boot_time() - boot_at_start_); }

 private:
  delivery::Instant start_;
  delivery::Duration boot_at_start_;
};

}  // namespace mock::engine
