#include "admin.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace consumer {
namespace {

constexpr std::size_t threads = 64;  // a silent client holds one for a second
constexpr std::size_t body_bytes_max = 64u << 10;
constexpr time_t silent_max_s = 1;  // also the longest that a silent client can hold up the stop

AdminRequest to_request(const httplib::Request& from) {
  AdminRequest request{from.method,
                       from.path,
                       {},
                       from.get_header_value("Host"),
                       from.get_header_value("Authorization"),
                       from.get_header_value("Origin"),
                       from.get_header_value("Content-Type"),
                       from.body};
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  return request;
}

void write(const AdminAnswer& answer, httplib::Response& to) {
  to.status = answer.status;
  to.set_content(answer.body, answer.content_type);
  to.set_header("Cache-Control", "no-store");
  if (!answer.allow.empty()) to.set_header("Allow", answer.allow);
  if (answer.status == 401) to.set_header("WWW-Authenticate", "Bearer");
}

/// Without SO_REUSEPORT, which the library sets otherwise: a second program must not share the port unnoticed.
void prepare_socket(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

/// Why the library refused a request.
std::string in_words(int status) {
  if (status == 413)
    return fmt::format("the body is over {} KiB: name fewer rows, or use \"all\"", body_bytes_max >> 10);
  if (status == 414) return "the path is too long";
  return "not an HTTP request that can be answered";
}

}  // namespace

struct AdminServer::Impl {
  httplib::Server server;
  std::uint16_t port = 0;
  std::thread thread;
};

AdminServer::AdminServer(const AdminRoutes& routes, const Endpoint& endpoint) : impl_(std::make_unique<Impl>()) {
  httplib::Server& server = impl_->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  server.set_socket_options(prepare_socket);
  server.set_keep_alive_max_count(1);  // a body that nobody reads must not be taken for the next request
  server.set_read_timeout(silent_max_s);
  server.set_keep_alive_timeout(silent_max_s);
  server.set_pre_routing_handler([&routes](const httplib::Request& from, httplib::Response& to) {
    // Its body is read after this, and the route below answers.
    if (from.method == "POST" && AdminRoutes::is_change(from.path)) return httplib::Server::HandlerResponse::Unhandled;
    // cpp-httplib would send a body once per range that is asked for, however many.
    write(from.has_header("Range") ? admin_error(400, "ranges are not served: leave the Range field out")
                                   : routes.answer(to_request(from)),
          to);
    return httplib::Server::HandlerResponse::Handled;
  });
  server.Post("/inbox/.*", [&routes](const httplib::Request& from, httplib::Response& to) {
    write(routes.answer(to_request(from)), to);
  });
  server.set_payload_max_length(body_bytes_max);
  server.set_error_handler([](const httplib::Request&, httplib::Response& to) {
    if (to.body.empty()) write(admin_error(to.status, in_words(to.status)), to);
  });
  errno = 0;
  const int port = endpoint.port == 0                                     ? server.bind_to_any_port(endpoint.address)
                   : server.bind_to_port(endpoint.address, endpoint.port) ? endpoint.port
                                                                          : -1;
  if (port < 0)
    throw ConfigError(fmt::format("--admin: cannot listen on {} port {}: {}; choose another port (0: any free one)",
                                  endpoint.address, endpoint.port, std::strerror(errno)));
  impl_->port = static_cast<std::uint16_t>(port);
  impl_->thread = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();  // stop() before that would be lost
}

AdminServer::~AdminServer() {
  impl_->server.stop();
  impl_->thread.join();
}

std::uint16_t AdminServer::port() const noexcept {
  return impl_->port;
}

}  // namespace consumer
