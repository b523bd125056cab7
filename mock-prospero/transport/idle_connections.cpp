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
  if (idle_.size() == 1) watch();
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

void IdleConnections::watch() {
  timer_.expires_at(idle_.front().until);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;  // cancelled: this object may be gone
    close_expired();
    if (!idle_.empty()) watch();
  });
}

}  // namespace mock::transport
