#include "admin.hpp"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "admin_connection.hpp"

namespace consumer {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t connections_max = 64;            // each has a thread once its request is complete
constexpr std::chrono::milliseconds accept_pause{10};  // while no file descriptor is left

// What is asked of a listening socket one after the other, up to what fails.
error_code listen(tcp::acceptor& acceptor, const Endpoint& at) {
  error_code error;
  const auto address = asio::ip::make_address(at.address, error);
  const tcp::endpoint endpoint(address, at.port);
  if (!error) acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error;
}

}  // namespace

struct AdminServer::Impl {
  using Open = asio::executor_work_guard<asio::io_context::executor_type>;

  const AdminRoutes& routes;
  const std::chrono::milliseconds request_max;
  asio::io_context io{1};    // all that waits for clients
  asio::io_context answers;  // all that may take long
  tcp::acceptor acceptor{io};
  asio::steady_timer pause{io};
  std::vector<std::weak_ptr<AdminConnection>> connections;  // in the order in which they came
  std::uint16_t port = 0;
  std::jthread io_thread;
  std::vector<std::jthread> answer_threads;
  Open io_open = asio::make_work_guard(io), answers_open = asio::make_work_guard(answers);

  Impl(const AdminRoutes& given, std::chrono::milliseconds time_max) : routes(given), request_max(time_max) {}

  void start() {
    while (answer_threads.size() < connections_max) answer_threads.emplace_back([this] { run(answers); });
    accept();
    io_thread = std::jthread([this] { run(io); });
  }

  static void run(asio::io_context& context) {
    for (;;) {
      try {
        context.run();
        return;
      } catch (const std::exception&) {  // no memory, say: the connection ends that it was for
      }
    }
  }

  void accept() {
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!acceptor.is_open()) return;
      if (error || !serve(std::move(socket))) return accept_later();
      accept();
    });
  }

  void accept_later() {
    make_room();  // of file descriptors or memory
    pause.expires_after(accept_pause);
    pause.async_wait([this](const error_code&) {
      if (acceptor.is_open()) accept();
    });
  }

  // The oldest without a complete request goes for one that comes: whoever holds all of them by sending little or
  // nothing keeps nobody out. False: there is no memory.
  bool serve(tcp::socket socket) try {
    std::erase_if(connections, [](const auto& one) { return one.expired(); });
    if (connections.size() >= connections_max && !make_room()) return true;
    const auto connection = std::make_shared<AdminConnection>(std::move(socket), routes, answers);
    connections.push_back(connection);
    connection->start(request_max);
    return true;
  } catch (const std::exception&) {
    return false;
  }

  bool make_room() {
    for (auto one = connections.begin(); one != connections.end(); ++one) {
      const auto connection = one->lock();
      if (!connection || connection->is_being_answered()) continue;
      connection->close();
      connections.erase(one);
      return true;
    }
    return false;
  }

  void drain() {
    error_code ignored;  // closing a listening socket cannot fail in a way that matters
    acceptor.close(ignored);
    pause.cancel();
    for (const auto& one : connections)
      if (const auto connection = one.lock()) connection->drain();
  }
};

AdminServer::AdminServer(const AdminRoutes& routes, const Endpoint& endpoint, std::chrono::milliseconds request_max)
    : impl_(std::make_unique<Impl>(routes, request_max)) {
  if (const error_code error = listen(impl_->acceptor, endpoint))
    throw ConfigError(fmt::format("--admin: cannot listen on {} port {}: {}; choose another port (0: any free one)",
                                  endpoint.address, endpoint.port, error.message()));
  impl_->port = impl_->acceptor.local_endpoint().port();
  impl_->start();
}

AdminServer::~AdminServer() {
  std::promise<void> drained;
  asio::post(impl_->io, [&] {
    impl_->drain();
    drained.set_value();
  });
  drained.get_future().wait();
  impl_->answers_open.reset();
  impl_->answer_threads.clear();  // when the last answer is made
  impl_->io_open.reset();         // and ends when it is sent
}

std::uint16_t AdminServer::port() const noexcept {
  return impl_->port;
}

}  // namespace consumer
