#include "conformance/echo.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace mock::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto wake_every = std::chrono::milliseconds(20);

}  // namespace

Echo::Echo() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::runtime_error("no socket for the tester's own clock");
  }
  own_ = ends[0];
  other_ = ends[1];
  thread_ = std::thread([this] { run(); });
}

Echo::~Echo() {
  stopping_ = true;
  thread_.join();
  ::close(own_);
  if (other_ >= 0) ::close(other_);
}

int Echo::take_line() {
  return std::exchange(other_, -1);
}

delivery::Duration Echo::take_lag() {
  return delivery::Duration(lag_us_.exchange(0));
}

void Echo::run() {
  while (!stopping_) {
    pollfd line{own_, POLLIN, 0};
    const auto wanted = Clock::now() + wake_every;
    const bool called = ::poll(&line, 1, static_cast<int>(wake_every.count())) > 0;
    const auto late = std::chrono::duration_cast<delivery::Duration>(Clock::now() - wanted).count();
    lag_us_ = std::max(lag_us_.load(), late);  // a reset in between is made up for at the next turn
    char byte = 0;
    if (called && ::recv(own_, &byte, 1, 0) == 1) {
      ::send(own_, &byte, 1, MSG_NOSIGNAL);
    } else if (called) {
      return;  // the other end is closed
    }
  }
}

}  // namespace mock::conformance
