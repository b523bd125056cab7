#include "transport/real_clock.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <system_error>
#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

using boost::asio::posix::stream_descriptor;

int open_timer() {
  const int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "timerfd_create");
  return fd;
}

timespec to_timespec(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {.tv_sec = seconds.count(), .tv_nsec = (time - seconds).count()};
}

}  // namespace

std::chrono::nanoseconds boot_time() {
  timespec time{};
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0)
    throw std::system_error(errno, std::generic_category(), "clock_gettime");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

RealClock::RealClock() : wall_minus_boot_(std::chrono::system_clock::now().time_since_epoch() - boot_time()) {}

delivery::Instant RealClock::now() const {
  const auto since_boot = PROSPERO_FAULT(G7_time_stands_still) ? std::chrono::nanoseconds{} : boot_time();
  return delivery::Instant(std::chrono::floor<delivery::Duration>(wall_minus_boot_ + since_boot));
}

struct BootTimer::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(boost::asio::io_context& io) : timer(io, open_timer()) {}

  void listen() {
    if (std::exchange(listening, true)) return;
    timer.async_wait(stream_descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
      self->listening = false;
      if (error || !self->done) return;
      std::uint64_t expirations = 0;
      const auto size = ::read(self->timer.native_handle(), &expirations, sizeof expirations);
      if (size != sizeof expirations) return self->listen();  // set anew since it became readable
      std::exchange(self->done, nullptr)();
    });
  }

  stream_descriptor timer;
  std::function<void()> done;
  bool listening = false;
};

BootTimer::BootTimer(boost::asio::io_context& io) : impl_(std::make_shared<Impl>(io)) {}
BootTimer::~BootTimer() {
  cancel();
}

void BootTimer::wait(delivery::Duration delay, std::function<void()> done) {
  impl_->done = std::move(done);
  itimerspec when{};
  when.it_value = to_timespec(std::max<std::chrono::nanoseconds>(delay, std::chrono::nanoseconds(1)));
  if (timerfd_settime(impl_->timer.native_handle(), 0, &when, nullptr) != 0) {
    throw std::system_error(errno, std::generic_category(), "timerfd_settime");
  }
  impl_->listen();
}

void BootTimer::cancel() {
  impl_->done = nullptr;
  boost::system::error_code ignored;
  impl_->timer.cancel(ignored);  // nothing is waited for any more
}

}  // namespace mock::transport
