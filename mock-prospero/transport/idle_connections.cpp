#include "transport/idle_connections.hpp"

#include <algorithm>
#include <utility>

namespace mock::transport {

IdleConnections::IdleConnections(boost::asio::io_context& io, IdleLimits limits) : limits_(limits), timer_(io) {}

IdleConnections::~IdleConnections() {
  while (!idle_.empty()) close_oldest();
}

void IdleConnections::put(std::string url, std::shared_ptr<Stream> stream) {
  if (idle_.size() == limits_.connections_max) close_oldest();
  idle_.push_back({std::move(url), std::move(stream), Steady::now() + limits_.idle_max});
  watch();
}

std::shared_ptr<Stream> IdleConnections::take(const std::string& url) {
  close_expired();
  for (;;) {
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](const Idle& one) { return one.url == url; });
    if (found == idle_.rend()) return nullptr;
    auto stream = std::move(found->stream);
    idle_.erase(std::next(found).base());
    if (stream->is_quiet()) return stream;
    stream->close(false);
  }
}

void IdleConnections::close_oldest() {
  idle_.front().stream->close(true);
  idle_.pop_front();
}

void IdleConnections::close_expired() {
  while (!idle_.empty() && idle_.front().until <= Steady::now()) close_oldest();
}

// The wait for a connection that was taken is left running: it then finds the oldest one, and is set for that.
void IdleConnections::watch() {
  if (idle_.empty() || std::exchange(watching_, true)) return;
  timer_.expires_at(idle_.front().until);
  timer_.async_wait([this, alive = std::weak_ptr<int>(alive_)](boost::system::error_code) {
    if (alive.expired()) return;
    watching_ = false;
    close_expired();
    watch();
  });
}

}  // namespace mock::transport
