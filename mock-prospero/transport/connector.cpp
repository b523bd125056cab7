#include "transport/connector.hpp"

#include <algorithm>
#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace mock::transport {
namespace {

using boost::system::error_code;
constexpr std::chrono::milliseconds stagger{250};

}  // namespace

std::vector<Tcp::endpoint> interleave(const std::vector<Tcp::endpoint>& endpoints) {
  std::vector<Tcp::endpoint> first, second, mixed;
  for (const auto& endpoint : endpoints) {
    (endpoint.protocol() == endpoints.front().protocol() ? first : second).push_back(endpoint);
  }
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

std::string text_of(const Tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]:" : address + ":") + std::to_string(endpoint.port());
}

struct Connector::Race : std::enable_shared_from_this<Race> {
  Race(boost::asio::io_context& loop, std::vector<Tcp::endpoint> all, Done then)
      : io(loop), timer(loop), endpoints(std::move(all)), done(std::move(then)) {}

  void start_next() {
    if (!done || sockets.size() == endpoints.size()) return;
    const auto& endpoint = endpoints[sockets.size()];
    const auto socket = sockets.emplace_back(std::make_shared<Tcp::socket>(io));
    socket->async_connect(endpoint, [self = shared_from_this(), socket, endpoint](error_code error) {
      self->settle(socket, endpoint, error);
    });
    timer.expires_after(stagger);
    timer.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->start_next();
    });
  }

  void settle(const std::shared_ptr<Tcp::socket>& socket, const Tcp::endpoint& endpoint, error_code error) {
    if (!done) return;
    if (error) {
      failures.push_back({endpoint, error});
      if (failures.size() < endpoints.size()) return start_next();
    }
    const auto then = std::exchange(done, nullptr);
    auto winner = std::move(*socket);
    if (error) winner = Tcp::socket(io);
    close();
    then(std::move(winner), std::move(failures));
  }

  void close() {
    timer.cancel();
    for (const auto& socket : sockets) {
      error_code ignored;
      socket->close(ignored);  // nothing was sent on it: there is nothing to lose
    }
  }

  boost::asio::io_context& io;
  boost::asio::steady_timer timer;
  std::vector<Tcp::endpoint> endpoints;
  std::vector<std::shared_ptr<Tcp::socket>> sockets;
  std::vector<Failure> failures;
  Done done;
};

Connector::Connector(boost::asio::io_context& io, std::vector<Tcp::endpoint> endpoints, Done done)
    : race_(std::make_shared<Race>(io, std::move(endpoints), std::move(done))) {
  race_->start_next();
}

Connector::~Connector() {
  race_->done = nullptr;
  race_->close();
}

}  // namespace mock::transport
