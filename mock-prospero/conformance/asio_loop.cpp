#include "conformance/asio_loop.hpp"

#include <algorithm>
#include <utility>

namespace mock::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto tick_every = std::chrono::milliseconds(20);

}  // namespace

delivery::Duration AsioLoop::now() const {
  return std::chrono::duration_cast<delivery::Duration>(Clock::now().time_since_epoch());
}

void AsioLoop::note_lateness() {
  const auto late = std::chrono::duration_cast<delivery::Duration>(Clock::now() - tick_.expiry());
  lag_ = std::max(lag_, late);
}

void AsioLoop::arm() {
  tick_.expires_after(tick_every);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;  // cancelled: the loop may be gone
    note_lateness();
    arm();
  });
}

bool AsioLoop::run_until(const std::function<bool()>& ready, delivery::Duration limit) {
  const auto deadline = Clock::now() + limit;
  io_.restart();
  arm();
  while (!ready() && !interrupted() && Clock::now() < deadline) {
    io_.run_one();
  }
  note_lateness();
  tick_.cancel();
  return ready();
}

delivery::Duration AsioLoop::take_lag() {
  return std::exchange(lag_, {});
}

}  // namespace mock::conformance
