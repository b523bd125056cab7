#include "transport/deadlines.hpp"

#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace mock::transport {

struct Deadlines::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(boost::asio::io_context& io) : timer(io) {}

  // Of an entry that was removed it is left running: it then finds the next one, and is set for that.
  void watch() {
    if (waiting.empty() || std::exchange(watching, true)) return;
    timer.expires_at(waiting.front().at);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (!self) return;
      self->watching = false;
      if (!error) self->tell_late();
      self->watch();
    });
  }

  void tell_late() {
    const auto now = Clock::now();
    while (!waiting.empty() && waiting.front().at <= now) {
      const auto who = std::move(waiting.front().who);
      waiting.pop_front();
      who->on_deadline();
    }
  }

  boost::asio::steady_timer timer;
  std::list<Entry> waiting;
  bool watching = false;
};

Deadlines::Deadlines(boost::asio::io_context& io) : impl_(std::make_shared<Impl>(io)) {}
Deadlines::~Deadlines() = default;

Deadlines::Place Deadlines::add(Clock::time_point at, std::shared_ptr<HasDeadline> who) {
  auto place = impl_->waiting.insert(impl_->waiting.end(), {at, std::move(who)});
  impl_->watch();
  return place;
}

void Deadlines::remove(Place place) {
  impl_->waiting.erase(place);
  if (impl_->waiting.empty()) impl_->timer.cancel();  // so that it keeps no loop from ending
}

}  // namespace mock::transport
