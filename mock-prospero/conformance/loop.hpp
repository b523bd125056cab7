// The thread that drives the transport, as the suite needs it: the suite waits, and watches how late it is itself.
#pragma once

#include <functional>

#include "delivery/types.hpp"

namespace mock::conformance {

/// Not thread-safe. The real one is built on the transport's event loop; tests script one.
class Loop {
 public:
  virtual ~Loop() = default;

  /// Monotonic time since some fixed point.
  virtual delivery::Duration now() const = 0;

  /// Drives the transport until `ready()` is true, `limit` has passed or the run is interrupted; true = ready.
  virtual bool run_until(const std::function<bool()>& ready, delivery::Duration limit) = 0;

  /// By how much the loop's own timer was late at worst since the last call: so late may an answer have been seen.
  virtual delivery::Duration take_lag() = 0;

  /// A person wants the run to end now.
  virtual bool interrupted() const { return false; }
};

}  // namespace mock::conformance
