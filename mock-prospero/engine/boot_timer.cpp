#include "engine/boot_timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace mock::engine {
namespace {

int open_timer() {
  const int descriptor = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (descriptor < 0) throw std::system_error{errno, std::system_category(), "no timer for the sender"};
  return descriptor;
}

void set_time(int descriptor, delivery::Duration after) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(after);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = std::chrono::nanoseconds{after - seconds}.count();
  if (timerfd_settime(descriptor, 0, &when, nullptr) != 0) {
    throw std::system_error{errno, std::system_category(), "the sender's timer cannot be set"};
  }
}

}  // namespace

BootTimer::BootTimer(boost::asio::io_context& io, std::function<void()> ring)
    : descriptor_(io, open_timer()), ring_(std::move(ring)) {
  wait();
}

void BootTimer::set(delivery::Duration after) {
  set_time(descriptor_.native_handle(), std::max(after, delivery::Duration{1}));  // zero would disarm it
}

void BootTimer::cancel() {
  set_time(descriptor_.native_handle(), delivery::Duration{0});
}

void BootTimer::wait() {
  descriptor_.async_wait(boost::asio::posix::descriptor_base::wait_read, [this](boost::system::error_code error) {
    if (error) return;  // the timer is being destroyed
    std::uint64_t times = 0;
    const bool rang = ::read(descriptor_.native_handle(), &times, sizeof times) == sizeof times;
    wait();
    if (rang) ring_();  // else it was set anew in between
  });
}

}  // namespace mock::engine
