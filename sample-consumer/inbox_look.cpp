#include "inbox_look.hpp"

#include <exception>
#include <utility>

namespace consumer {

namespace {

// Without memory for what it takes nothing is known, and the process goes on.
InboxFigures measured(const std::function<InboxFigures()>& measure) {
  try {
    return measure();
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

InboxLook::InboxLook(std::function<InboxFigures()> measure, std::chrono::milliseconds wait_max)
    : measure_(std::move(measure)), wait_max_(wait_max), thread_([this](const std::stop_token& stop) { run(stop); }) {}

std::optional<InboxFigures> InboxLook::now() {
  std::unique_lock hold(mutex_);
  const std::uint64_t mine = ++asked_;
  changed_.notify_all();
  if (!changed_.wait_for(hold, wait_max_, [&] { return answered_ >= mine; })) return std::nullopt;
  return last_;
}

void InboxLook::run(const std::stop_token& stop) {
  std::unique_lock hold(mutex_);
  while (changed_.wait(hold, stop, [this] { return asked_ > answered_; })) {
    const std::uint64_t asked = asked_;
    hold.unlock();
    InboxFigures figures = measured(measure_);
    hold.lock();
    last_ = std::move(figures);
    answered_ = asked;
    changed_.notify_all();
  }
}

}  // namespace consumer
