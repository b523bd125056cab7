#include "running_calls.hpp"

#include <algorithm>

namespace prospero::webhooks {

RunningCalls::Handle RunningCalls::begin(std::uint64_t seq) {
  const std::lock_guard hold{mutex_};
  Call call;
  call.seq = seq;
  if (time_max_.count() > 0) call.ends_by = Clock::now() + time_max_;
  if (stopping_) call.stop.request_stop();  // nobody has its token yet
  return calls_.insert(calls_.end(), std::move(call));
}

std::stop_token RunningCalls::token(Handle call) {
  const std::lock_guard hold{mutex_};
  return call->stop.get_token();
}

bool RunningCalls::end(Handle call) {
  const std::lock_guard hold{mutex_};
  const bool parked = call->parked;
  if (parked) --parked_;
  calls_.erase(call);
  return parked;
}

// A stop request runs what handlers registered for it, so it is made without the mutex, on copies of the sources.
std::vector<std::uint64_t> RunningCalls::park_overdue() {
  std::vector<std::uint64_t> rows;
  std::vector<std::stop_source> sources;
  {
    const std::lock_guard hold{mutex_};
    const auto now = Clock::now();
    for (Call& call : calls_) {
      if (call.parked || !call.ends_by || *call.ends_by > now) continue;
      call.parked = true;
      ++parked_;
      rows.push_back(call.seq);
      sources.push_back(call.stop);
    }
  }
  for (std::stop_source& source : sources) source.request_stop();
  return rows;
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

void RunningCalls::stop_all() {
  std::vector<std::stop_source> sources;
  {
    const std::lock_guard hold{mutex_};
    stopping_ = true;
    for (const Call& call : calls_) sources.push_back(call.stop);
  }
  for (std::stop_source& source : sources) source.request_stop();
}

}  // namespace prospero::webhooks
