#include "running_calls.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace prospero::webhooks {

RunningCalls::Handle RunningCalls::prepare() {
  std::list<Call> one(1);
  const std::lock_guard hold{mutex_};
  calls_.splice(calls_.end(), one);
  return std::prev(calls_.end());
}

std::stop_token RunningCalls::begin(Handle call, std::uint64_t seq) noexcept {
  const std::lock_guard hold{mutex_};
  call->seq = seq;
  if (time_max_.count() > 0) call->ends_by = Clock::now() + time_max_;
  if (stopping_) call->stop.request_stop();  // nobody has its token yet
  return call->stop.get_token();
}

bool RunningCalls::end(Handle call) noexcept {
  std::list<Call> ended;  // its memory is given back without the mutex
  const std::lock_guard hold{mutex_};
  if (call->parked) --parked_;
  ended.splice(ended.end(), calls_, call);
  return ended.front().parked;
}

std::optional<RunningCalls::Overdue> RunningCalls::park_overdue() noexcept {
  const std::lock_guard hold{mutex_};
  const auto now = Clock::now();
  for (Call& call : calls_) {
    if (call.parked || !call.ends_by || *call.ends_by > now) continue;
    call.parked = call.asked_to_stop = true;
    ++parked_;
    return Overdue{call.seq, call.stop};
  }
  return std::nullopt;
}

std::optional<RunningCalls::Clock::time_point> RunningCalls::next_deadline() {
  const std::lock_guard hold{mutex_};
  std::optional<Clock::time_point> next;
  for (const Call& call : calls_)
    if (!call.parked && call.ends_by) next = next ? std::min(*next, *call.ends_by) : *call.ends_by;
  return next;
}

std::size_t RunningCalls::parked() {
  const std::lock_guard hold{mutex_};
  return parked_;
}

// A stop request runs what handlers registered for it, so it is made without the mutex, on copies of the sources.
void RunningCalls::stop_all() noexcept {
  {
    const std::lock_guard hold{mutex_};
    stopping_ = true;
  }
  while (auto source = next_to_be_asked()) source->request_stop();
}

std::optional<std::stop_source> RunningCalls::next_to_be_asked() noexcept {
  const std::lock_guard hold{mutex_};
  for (Call& call : calls_)
    if (!std::exchange(call.asked_to_stop, true)) return call.stop;
  return std::nullopt;
}

}  // namespace prospero::webhooks
