#include "api/server.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "api/elastic_pool.hpp"

namespace mock::api {
namespace {

constexpr std::size_t threads_max = 1024;  // a client that is slow with its body holds one
constexpr std::size_t streams_max = 64;    // each has a thread of its own beside those of the other calls
constexpr int backlog = 128;
constexpr int silent_seconds = 2;
// A body that is too large is read on up to here, so that its sender sees the answer; then the connection ends.
constexpr std::size_t drain_bytes_max = 64U << 20;
constexpr const char* too_large = "the body is too large";

class Pool final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> job) override { pool_.run(std::move(job)); }
  void shutdown() override { pool_.stop(); }

 private:
  ElasticPool pool_{threads_max + streams_max};
};

std::vector<std::string> all_values(const httplib::Request& from, const char* name) {
  const auto [first, last] = from.headers.equal_range(name);
  std::vector<std::string> values;
  std::transform(first, last, std::back_inserter(values), [](const auto& field) { return field.second; });
  return values;
}

Request head_of(const httplib::Request& from) {
  Request request;
  request.method = from.method;
  request.path = from.path;
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  request.hosts = all_values(from, "Host");
  request.origins = all_values(from, "Origin");
  request.authorization = from.get_header_value("Authorization");
  request.last_event_id = from.get_header_value("Last-Event-ID");
  request.content_type = from.get_header_value("Content-Type");
  return request;
}

// A place among the streams, for as long as one runs.
class StreamPlace {
 public:
  explicit StreamPlace(std::atomic<std::size_t>& taken) : taken_(taken), mine_(++taken_) {}
  ~StreamPlace() { --taken_; }
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;
  bool granted() const { return mine_ <= streams_max; }

 private:
  std::atomic<std::size_t>& taken_;
  const std::size_t mine_;
};

// A reader that takes nothing for 5 s (cpp-httplib's limit of a write) is let go; it can resume.
void stream_to(httplib::Response& to, const std::shared_ptr<EventSource>& source, std::shared_ptr<StreamPlace> place,
               const std::string& content_type) {
  to.set_chunked_content_provider(content_type,
                                  [source, place = std::move(place)](std::size_t, httplib::DataSink& sink) {
                                    const auto piece = source->next();
                                    return piece.empty() ? sink.is_writable() : sink.write(piece.data(), piece.size());
                                  });
}

void write(const Response& response, httplib::Response& to) {
  to.status = response.status;
  if (!response.stream) to.set_content(response.body, response.content_type);
  to.set_header("Accept-Ranges", "none");  // cpp-httplib would tell HEAD that ranges are served
  to.set_header("Cache-Control", "no-store");
  to.set_header("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) to.set_header(name, value);
}

// Where the body ends must be said in one way: otherwise what one reader takes for the body is the next request to
// another (RFC 9112, 6.3). cpp-httplib reads -5 as a large number and the first of two lengths, and would decode.
std::optional<Response> refuse_framing(const httplib::Request& from) {
  const auto lengths = all_values(from, "Content-Length");
  const auto codings = all_values(from, "Transfer-Encoding");
  if (!lengths.empty() && !codings.empty()) {
    return error_response(400, "Content-Length and Transfer-Encoding exclude each other");
  }
  const bool is_number = lengths.empty() || (!lengths.front().empty() && lengths.front().size() < 19 &&
                                             lengths.front().find_first_not_of("0123456789") == std::string::npos);
  if (lengths.size() > 1 || !is_number) return error_response(400, "Content-Length must be one whole number of bytes");
  if (!lengths.empty() && std::stoull(lengths.front()) > drain_bytes_max) return error_response(413, too_large);
  if (codings.size() > 1 || (!codings.empty() && ::strcasecmp(codings.front().c_str(), "chunked") != 0)) {
    return error_response(400, "of the transfer codings only chunked is understood");
  }
  if (from.has_header("Content-Encoding") &&
      ::strcasecmp(from.get_header_value("Content-Encoding").c_str(), "identity") != 0) {
    return error_response(415, "the body must be sent as it is, without a Content-Encoding");
  }
  return std::nullopt;
}

// What cpp-httplib itself refuses (a malformed head, a target that is too long) gets the same shape of body.
void fill_error(const httplib::Request&, httplib::Response& to) {
  if (!to.body.empty()) return;
  const auto* text = to.status == 414   ? "the path is too long"
                     : to.status == 413 ? too_large
                     : to.status == 400 ? "the request is malformed: no HTTP (TLS is not spoken here), "
                                          "an unknown method, or a header field longer than 8 KiB"
                                        : "the request is not understood";
  write(error_response(to.status, text), to);
}

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace

struct Server::Impl {
  ServerOptions options;
  httplib::Server http;
  int listener = -1;
  int port = -1;
  Answer answer;
  std::thread thread;
  std::atomic<std::size_t> streams = 0;
  std::atomic<bool> stopping = false;

  explicit Impl(ServerOptions given) : options(std::move(given)) {
    http.new_task_queue = [] { return new Pool; };
    // One call per connection: the rest of a body that was not read must never be taken for the next request, which a
    // web page could have written there.
    http.set_keep_alive_max_count(1);
    http.set_keep_alive_timeout(silent_seconds);
    http.set_read_timeout(silent_seconds);
    http.set_payload_max_length(drain_bytes_max);
    http.set_socket_options([this](socket_t socket) {
      listener = socket;
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);  // not REUSEPORT: a taken port must be noticed
    });
    http.set_error_handler(fill_error);
    http.set_pre_routing_handler([](const httplib::Request& from, httplib::Response& to) {
      auto& request = const_cast<httplib::Request&>(from);  // an object of the server's own that is not const
      // cpp-httplib would compress for every browser, and take up to a second for a megabyte.
      request.headers.erase("Accept-Encoding");
      if (const auto refused = refuse_framing(from)) {
        write(*refused, to);
        return httplib::Server::HandlerResponse::Handled;
      }
      if (!from.has_header("Range")) return httplib::Server::HandlerResponse::Unhandled;
      request.ranges.clear();  // it would send a body once per range, however many: also that of this refusal
      write(error_response(400, "ranges are not served: leave the Range field out"), to);
      return httplib::Server::HandlerResponse::Handled;
    });
    add_handlers();
    bind();
  }

  void add_handlers() {
    const auto without_body = [this](const httplib::Request& from, httplib::Response& to) {
      answer_without_body(from, to);
    };
    const auto with_body = [this](const httplib::Request& from, httplib::Response& to,
                                  const httplib::ContentReader& reader) { answer_with_body(from, to, reader); };
    http.Get(".*", without_body);
    http.Options(".*", without_body);
    http.Post(".*", with_body);
    http.Put(".*", with_body);
    http.Patch(".*", with_body);
    http.Delete(".*", with_body);
  }

  void answer_without_body(const httplib::Request& from, httplib::Response& to) {
    const auto response = answer(head_of(from));
    if (!response.stream || from.method == "HEAD") return write(response, to);
    auto place = std::make_shared<StreamPlace>(streams);
    if (!place->granted()) {
      return write(error_response(503, fmt::format("{} streams are open already: close one", streams_max)), to);
    }
    write(response, to);
    stream_to(to, response.stream, std::move(place), response.content_type);
  }

  void answer_with_body(const httplib::Request& from, httplib::Response& to, const httplib::ContentReader& reader) {
    auto request = head_of(from);
    // No length and no chunks is no body (RFC 9112, 6.3); cpp-httplib would wait for the end of the connection.
    if (!from.has_header("Content-Length") && !from.has_header("Transfer-Encoding")) return write(answer(request), to);
    // A form is refused for its type; cpp-httplib reads forms in a way of its own.
    std::size_t received = 0;
    const bool complete = from.is_multipart_form_data() || reader([&](const char* data, std::size_t size) {
                            received += size;
                            request.body_too_large =
                                request.body_too_large || request.body.size() + size > options.body_bytes_max;
                            if (request.body_too_large) {
                              request.body.clear();
                            } else {
                              request.body.append(data, size);
                            }
                            return received <= drain_bytes_max && !stopping;
                          });
    if (!complete && to.status != 413 && !request.body_too_large)
      return write(error_response(400, "the body is incomplete"), to);
    request.body_too_large = request.body_too_large || to.status == 413;
    write(answer(request), to);
  }

  void require_known_host() const {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    const int failure = getaddrinfo(options.host.c_str(), nullptr, &hints, &found);
    if (failure == 0) return freeaddrinfo(found);
    throw std::runtime_error{
        fmt::format("cannot listen on {}:{}: '{}' is no name that leads to this machine; use 127.0.0.1, or 0.0.0.0 for "
                    "every address",
                    in_url(options.host), options.port, options.host)};
  }

  void bind() {
    require_known_host();
    errno = 0;
    port = options.port == 0 ? http.bind_to_any_port(options.host)
                             : (http.bind_to_port(options.host, options.port) ? options.port : -1);
    if (port > 0) {
      ::listen(listener, backlog);  // again: cpp-httplib allows 5 waiting connections only
      return;
    }
    const auto* reason = errno == EADDRINUSE ? "the port is taken: choose another one, or 0 for any free port"
                         : errno == 0        ? "no such address on this machine"
                                             : std::strerror(errno);
    throw std::runtime_error{fmt::format("cannot listen on {}:{}: {}", in_url(options.host), options.port, reason)};
  }
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Server::~Server() {
  stop();
}

const ServerOptions& Server::options() const noexcept {
  return impl_->options;
}

std::uint16_t Server::port() const noexcept {
  return static_cast<std::uint16_t>(impl_->port);
}

std::string Server::url() const {
  return fmt::format("http://{}:{}", in_url(impl_->options.host), impl_->port);
}

void Server::start(Answer answer) {
  impl_->answer = std::move(answer);
  impl_->thread = std::thread{[this] { impl_->http.listen_after_bind(); }};
}

void Server::stop() {
  if (!impl_->thread.joinable()) return;
  while (!impl_->http.is_running()) std::this_thread::yield();  // stop() before that would be lost
  impl_->stopping = true;
  impl_->http.stop();
  impl_->thread.join();
}

}  // namespace mock::api
