#include <prospero/webhooks/receive/listener.hpp>

#include <poll.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "listener_certificate.hpp"
#include "listener_connection.hpp"
#include "listener_loop.hpp"
#include "listener_peers.hpp"

namespace prospero::webhooks {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
using detail::Loop;
namespace asio = boost::asio;

constexpr std::chrono::milliseconds accept_pause{5};  // while there is no room for one more connection
constexpr int accepts_a_turn = 64;
constexpr std::size_t room_share = 16;  // of the connections, one in so many goes when no file descriptor is left

enum class Accepted { one, nobody, not_now };

[[noreturn]] void refuse(const std::string& text, const error_code& error) {
  throw ListenError(text + " (" + error.message() + ")");
}

tcp::endpoint endpoint_of(const ListenerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    throw ListenError("'" + options.address + "' is no IP address: give one, such as 127.0.0.1, 0.0.0.0 or ::1");
  return {address, options.port};
}

[[noreturn]] void refuse_bind(const ListenerOptions& options, const error_code& error) {
  const std::string port = std::to_string(options.port);
  if (error == asio::error::address_in_use)
    throw ListenError("port " + port + " on " + options.address +
                      " is taken: stop the program that listens there, or choose another port (0: any free one)");
  if (error == asio::error::access_denied)
    throw ListenError("not allowed to listen on port " + port + ": choose one above 1023, or grant the privilege");
  if (error == boost::system::errc::address_not_available)
    throw ListenError("cannot listen on " + options.address +
                      ": this machine has no such address, choose one of its own, 127.0.0.1 or 0.0.0.0");
  refuse("cannot listen on " + options.address + " port " + port, error);
}

/// A loop opens what it waits with together with its first socket: here, where the caller can be told of a failure.
void prepare(asio::io_context& io) {
  try {
    const tcp::socket first(io);
  } catch (const boost::system::system_error& error) {
    throw ListenError("cannot open what a listener waits with (" + error.code().message() +
                      "): raise how many files the process may have open (ulimit -n)");
  }
}

tcp::acceptor open_acceptor(asio::io_context& io, const ListenerOptions& options) {
  const tcp::endpoint endpoint = endpoint_of(options);
  tcp::acceptor acceptor(io);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (error) refuse("cannot open a socket", error);
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (error) refuse("cannot prepare the socket", error);
  acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) refuse_bind(options, error);
  acceptor.non_blocking(true);
  return acceptor;
}

void open_certificate(std::optional<detail::CertificateFiles>& certificate, const ListenerOptions& options) {
  if (options.certificate_file.empty() && options.key_file.empty()) return;
  if (options.certificate_file.empty() || options.key_file.empty())
    throw ListenError("a certificate and its key go together: give both files, or none for plain HTTP");
  certificate.emplace(options.certificate_file, options.key_file, options.on_certificate);
}

std::size_t reading_bytes_max(const Receiver& receiver, const ListenerOptions& options) {
  return std::max(options.reading_bytes_max, receiver.options().body_bytes_max);
}

std::vector<std::unique_ptr<Loop>> make_loops(std::size_t count) {
  std::vector<std::unique_ptr<Loop>> loops;
  for (std::size_t n = 0; n < std::max<std::size_t>(count, 1); ++n) loops.push_back(std::make_unique<Loop>());
  return loops;
}

}  // namespace

struct Listener::Impl {
  ListenerOptions options;
  detail::PeerFilter peers;
  std::optional<detail::CertificateFiles> certificate;
  detail::Shared shared;
  std::vector<std::unique_ptr<Loop>> loops;  ///< the first also accepts
  std::size_t next_loop = 0;
  std::optional<tcp::acceptor> acceptor;
  std::optional<asio::steady_timer> pause, next_look;
  std::uint16_t port = 0;

  Impl(Receiver& receiver, ListenerOptions given)
      : options(std::move(given)),
        peers(options.peers),
        shared{receiver, options, {}, detail::BodyRoom{reading_bytes_max(receiver, options)}},
        loops(make_loops(options.threads)) {}

  void run_loops() {
    try {
      for (const auto& loop : loops) loop->thread = std::thread([&io = loop->io] { io.run(); });
    } catch (const std::system_error& error) {
      throw ListenError("cannot start a thread (" + error.code().message() +
                        "): raise how many this user may have (ulimit -u, TasksMax= of systemd)");
    }
  }

  /// Room is made when a connection has come, not before. While there is none the kernel's backlog holds those that
  /// come. Several are accepted in one turn: among many busy connections a turn is long in coming.
  void accept() {
    acceptor->async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
      if (error || !acceptor->is_open()) return;
      for (int n = 0; n < accepts_a_turn; ++n) {
        const bool is_full = shared.registry.size() >= options.connections_max;
        if (is_full && !someone_waits()) return accept();
        if (is_full && !make_room()) return accept_later();
        switch (accept_one()) {
          case Accepted::one:
            continue;
          case Accepted::nobody:
            return accept();
          case Accepted::not_now:
            return accept_later();
        }
      }
      accept();
    });
  }

  /// The wait may end for a connection that was accepted meanwhile, and nobody has to make room for that one.
  bool someone_waits() {
    pollfd watched{acceptor->native_handle(), POLLIN, 0};
    return ::poll(&watched, 1, 0) > 0;
  }

  Accepted accept_one() try {
    error_code error;
    Loop& loop = *loops[next_loop];
    tcp::socket socket = acceptor->accept(loop.io, error);
    if (error == asio::error::would_block) return Accepted::nobody;
    if (error == asio::error::connection_aborted) return Accepted::one;  // and gone again
    if (error) {                                                         // out of file descriptors or memory
      make_much_room();
      return Accepted::not_now;
    }
    next_loop = (next_loop + 1) % loops.size();
    serve(std::move(socket), loop);
    return Accepted::one;
  } catch (const std::exception&) {  // no memory, say: this connection ends, not the process
    return Accepted::not_now;
  }

  void serve(tcp::socket socket, Loop& loop) {
    error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (gone) return;
    if (!peers.allows(peer.address())) return shared.registry.count_refused();
    const auto context = certificate ? certificate->context() : nullptr;
    std::make_shared<detail::Connection>(shared, loop, std::move(socket), context.get())->start();
  }

  bool make_room() {
    const auto going = shared.registry.take_for_room();
    if (going) going->evict();
    return going != nullptr;
  }

  /// Behind the connection that could not be accepted others may be waiting, a real push among them.
  void make_much_room() {
    for (std::size_t n = shared.registry.size() / room_share + 1; n > 0 && make_room(); --n) continue;
  }

  void accept_later() {
    pause->expires_after(accept_pause);
    pause->async_wait([this](const error_code& error) {
      if (!error && acceptor->is_open()) accept();
    });
  }

  void look_at_certificate_later() {
    if (!certificate || options.certificate_check_every.count() <= 0) return;
    next_look->expires_after(options.certificate_check_every);
    next_look->async_wait([this](const error_code& error) {
      if (error || !acceptor->is_open()) return;
      certificate->look();
      look_at_certificate_later();
    });
  }

  void stop_accepting() {
    asio::post(acceptor->get_executor(), [this] {
      error_code ignored;  // closing a listening socket cannot fail in a way that matters
      acceptor->close(ignored);
      pause->cancel();
      next_look->cancel();
    });
  }
};

Listener::Listener(Receiver& receiver, ListenerOptions options)
    : impl_(std::make_unique<Impl>(receiver, std::move(options))) {}

Listener::~Listener() {
  stop(std::chrono::milliseconds(0));
}

void Listener::start() {
  if (impl_->acceptor) throw std::logic_error("a Listener starts once");
  open_certificate(impl_->certificate, impl_->options);
  for (const auto& loop : impl_->loops) prepare(loop->io);
  impl_->acceptor.emplace(open_acceptor(impl_->loops.front()->io, impl_->options));
  impl_->pause.emplace(impl_->acceptor->get_executor());
  impl_->next_look.emplace(impl_->acceptor->get_executor());
  impl_->port = impl_->acceptor->local_endpoint().port();
  impl_->run_loops();
  asio::post(impl_->acceptor->get_executor(), [impl = impl_.get()] {
    impl->accept();
    impl->look_at_certificate_later();
  });
}

void Listener::check(const ListenerOptions& options) {
  const detail::PeerFilter peers(options.peers);
  std::optional<detail::CertificateFiles> certificate;
  open_certificate(certificate, options);
  asio::io_context io;
  prepare(io);
  open_acceptor(io, options);
}

void Listener::reload_certificate() {
  if (impl_->certificate) impl_->certificate->reload();
}

void Listener::stop(std::chrono::milliseconds drain) {
  if (!impl_->loops.front()->thread.joinable()) return;
  impl_->shared.registry.shut();
  impl_->stop_accepting();
  for (const auto& connection : impl_->shared.registry.all()) connection->drain();
  if (!impl_->shared.registry.wait_until_empty(drain))
    for (const auto& connection : impl_->shared.registry.all()) connection->cancel();
  for (const auto& loop : impl_->loops) loop->open.reset();  // run() returns when no operation is pending
  for (const auto& loop : impl_->loops)
    if (loop->thread.joinable()) loop->thread.join();  // start() may have failed between two of them
}

std::uint16_t Listener::port() const noexcept {
  return impl_->port;
}

ListenerCounters Listener::counters() const {
  ListenerCounters counters = impl_->shared.registry.counters();
  counters.reading_bytes = impl_->shared.body_room.taken();
  if (const auto& certificate = impl_->certificate) {
    counters.certificate_expires = certificate->expires();
    counters.certificate_reloads = certificate->reloads();
    counters.certificate_failures = certificate->failures();
  }
  return counters;
}

}  // namespace prospero::webhooks
