#include "transport/real_clock.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <stdexcept>
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

template <class To, class From>
To scaled(From duration, double factor) {
  return std::chrono::floor<To>(std::chrono::duration<double, typename From::period>(duration) * factor);
}

}  // namespace

std::chrono::nanoseconds boot_time() {
  timespec time{};
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0)
    throw std::system_error(errno, std::generic_category(), "clock_gettime");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

RealClock::RealClock(RealClockOptions options)
    : start_(std::max(std::chrono::floor<delivery::Duration>(std::chrono::system_clock::now()), options.not_before)),
      boot_at_start_(boot_time()),
      speed_(options.speed) {
  if (!(speed_ >= 1)) throw std::invalid_argument("the speed of a clock is at least 1");
}

delivery::Instant RealClock::now() const {
  const auto passed =
      boot_time() - (PROSPERO_FAULT(G7_clock_is_ahead_by_the_uptime) ? std::chrono::nanoseconds{} : boot_at_start_);
  return start_ +
         (speed_ == 1 ? std::chrono::floor<delivery::Duration>(passed) : scaled<delivery::Duration>(passed, speed_));
}

delivery::Instant RealClock::end_of(delivery::Instant started_at, delivery::Duration took) const {
  return started_at + (speed_ == 1 ? took : scaled<delivery::Duration>(took, speed_));
}

delivery::Duration RealClock::until(delivery::Instant at) const {
  const auto left = at - now();
  return speed_ == 1 ? left : scaled<delivery::Duration>(left, 1 / speed_);
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
