#include "conformance/asio_loop.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <utility>

namespace mock::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto tick_every = std::chrono::milliseconds(20);

}  // namespace

AsioLoop::AsioLoop(boost::asio::io_context& io, Interrupted interrupted)
    : io_(io),
      tick_(io),
      interrupted_(std::move(interrupted)),
      line_(io, boost::asio::local::stream_protocol(), echo_.take_line()) {}

delivery::Duration AsioLoop::now() const {
  return std::chrono::duration_cast<delivery::Duration>(Clock::now().time_since_epoch());
}

void AsioLoop::note(Clock::duration late) {
  lag_ = std::max(lag_, std::chrono::duration_cast<delivery::Duration>(late));
}

void AsioLoop::note_lateness() {
  note(Clock::now() - tick_.expiry());
  if (called_at_) note(Clock::now() - *called_at_);
}

void AsioLoop::arm() {
  tick_.expires_after(tick_every);
  tick_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;  // cancelled: the loop may be gone
    note_lateness();
    call();
    arm();
  });
}

void AsioLoop::call() {
  if (std::exchange(call_under_way_, true)) return;
  called_at_ = Clock::now();
  const auto answered = [this](const boost::system::error_code& error, std::size_t) {
    if (error) return;  // the loop may be gone
    if (called_at_) note(Clock::now() - *called_at_);
    called_at_.reset();
    call_under_way_ = false;
  };
  line_.async_write_some(boost::asio::buffer(answer_), [this, answered](const boost::system::error_code& error, auto) {
    if (!error) line_.async_read_some(boost::asio::buffer(answer_), answered);
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
  called_at_.reset();  // nobody waits for it until the next run
  return ready();
}

delivery::Duration AsioLoop::take_lag() {
  return std::max(std::exchange(lag_, {}), echo_.take_lag());
}

}  // namespace mock::conformance
