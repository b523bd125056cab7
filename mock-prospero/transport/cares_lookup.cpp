#include <ares.h>
#include <netdb.h>

#include <charconv>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "transport/name_lookup.hpp"
#include "transport/url.hpp"

namespace mock::transport {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int try_ms_max = 1000;
constexpr int tries_max = 3;

void require_ares() {
  static const int status = ares_library_init(ARES_LIB_INIT_ALL);
  if (status != ARES_SUCCESS) throw std::runtime_error(std::string("c-ares does not start: ") + ares_strerror(status));
}

std::vector<Address> addresses_of(const ares_addrinfo* info) {
  std::vector<Address> addresses;
  for (const auto* node = info->nodes; node != nullptr; node = node->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (node->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), node->ai_addr, node->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  return addresses;
}

std::string text_of(int status, const std::string& host) {
  const auto name = "name '" + host + "' ";
  if (status == ARES_ENOTFOUND) return name + "not found";
  if (status == ARES_ENODATA) return name + "has no address";
  if (status == ARES_ECONNREFUSED) {  // c-ares says so too when servers answered, but with a failure
    return name + "could not be looked up: no name server was reached, or those that were failed (SERVFAIL, REFUSED)";
  }
  return name + "could not be looked up: " + ares_strerror(status);
}

/// One look-up. The loop's handlers share the ownership, so that one already queued finds it alive after a cancel.
class Query : public std::enable_shared_from_this<Query> {
 public:
  Query(asio::io_context& io, std::string host, NameLookup::Done done)
      : io_(io), timer_(io), host_(std::move(host)), done_(std::move(done)) {}
  ~Query() { close(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  void start(const std::optional<DnsServer>& server) {
    if (const int status = open(server); status != ARES_SUCCESS) return finish({{}, text_of(status, host_)});
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    ares_getaddrinfo(channel_, host_.c_str(), nullptr, &hints, &Query::on_answer, this);
    arm_timer();
  }

  void finish(LookupResult result) {
    asio::post(io_, [self = shared_from_this(), answer = std::move(result)]() mutable {
      self->close();
      if (auto done = std::exchange(self->done_, nullptr)) done(std::move(answer));
    });
  }

  void cancel() {
    done_ = nullptr;
    close();
  }

 private:
  struct Watch {
    explicit Watch(asio::io_context& io) : descriptor(io) {}
    asio::posix::stream_descriptor descriptor;
    bool read = false, write = false;       // what c-ares wants to know
    bool reading = false, writing = false;  // what is being waited for
  };

  int open(const std::optional<DnsServer>& server) {
    require_ares();
    static char files_then_dns[] = "fb";
    ares_options options{};
    options.flags = ARES_FLAG_NOSEARCH;
    options.timeout = try_ms_max;
    options.tries = tries_max;
    options.lookups = files_then_dns;
    options.sock_state_cb = &Query::on_socket;
    options.sock_state_cb_data = this;
    const int status = ares_init_options(
        &channel_, &options,
        ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
    if (status != ARES_SUCCESS) {
      channel_ = nullptr;
      return status;
    }
    if (!server) return ARES_SUCCESS;
    const auto address = server->address.to_string();
    const auto text = (server->address.is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(server->port);
    return ares_set_servers_ports_csv(channel_, text.c_str());
  }

  // c-ares reports its end to every open query from inside ares_destroy.
  void close() {
    timer_.cancel();
    if (auto* channel = std::exchange(channel_, nullptr)) ares_destroy(channel);
    watches_.clear();
  }

  static void on_answer(void* self, int status, int, ares_addrinfo* info) {
    auto& query = *static_cast<Query*>(self);
    if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) return;
    LookupResult result;
    if (status == ARES_SUCCESS) result.addresses = addresses_of(info);
    if (info != nullptr) ares_freeaddrinfo(info);
    if (result.addresses.empty()) result.error = text_of(status == ARES_SUCCESS ? ARES_ENODATA : status, query.host_);
    query.finish(std::move(result));
  }

  static void on_socket(void* self, ares_socket_t socket, int read, int write) {
    static_cast<Query*>(self)->watch(socket, read != 0, write != 0);
  }

  void watch(ares_socket_t socket, bool read, bool write) {
    auto found = watches_.find(socket);
    if (!read && !write) {
      if (found == watches_.end()) return;
      found->second->descriptor.release();  // c-ares closes it
      watches_.erase(found);
      return;
    }
    if (found == watches_.end()) {
      found = watches_.emplace(socket, std::make_shared<Watch>(io_)).first;
      found->second->descriptor.assign(socket);
    }
    found->second->read = read;
    found->second->write = write;
    wait(found->second, socket);
  }

  void wait(const std::shared_ptr<Watch>& watch, ares_socket_t socket) {
    using Descriptor = asio::posix::stream_descriptor;
    if (watch->read && !std::exchange(watch->reading, true)) {
      watch->descriptor.async_wait(Descriptor::wait_read, [self = shared_from_this(), watch, socket](error_code error) {
        watch->reading = false;
        self->process(error, watch, socket, ARES_SOCKET_BAD);
      });
    }
    if (watch->write && !std::exchange(watch->writing, true)) {
      watch->descriptor.async_wait(Descriptor::wait_write,
                                   [self = shared_from_this(), watch, socket](error_code error) {
                                     watch->writing = false;
                                     self->process(error, watch, ARES_SOCKET_BAD, socket);
                                   });
    }
  }

  void process(error_code error, const std::shared_ptr<Watch>& watch, ares_socket_t read, ares_socket_t write) {
    if (error || channel_ == nullptr) return;
    ares_process_fd(channel_, read, write);
    if (channel_ == nullptr) return;
    const auto socket = read == ARES_SOCKET_BAD ? write : read;
    const auto found = watches_.find(socket);
    if (found != watches_.end() && found->second == watch) wait(watch, socket);
    arm_timer();
  }

  void arm_timer() {
    timeval next{};
    if (channel_ == nullptr || ares_timeout(channel_, nullptr, &next) == nullptr) return;
    timer_.expires_after(std::chrono::seconds(next.tv_sec) + std::chrono::microseconds(next.tv_usec) +
                         std::chrono::milliseconds(1));
    timer_.async_wait([self = shared_from_this()](error_code error) {
      if (error || self->channel_ == nullptr) return;
      ares_process_fd(self->channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      self->arm_timer();
    });
  }

  asio::io_context& io_;
  asio::steady_timer timer_;
  std::string host_;
  NameLookup::Done done_;
  ares_channel channel_ = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Watch>> watches_;
};

class Handle : public PendingLookup {
 public:
  explicit Handle(std::shared_ptr<Query> query) : query_(std::move(query)) {}
  ~Handle() override { query_->cancel(); }

 private:
  std::shared_ptr<Query> query_;
};

class CaresLookup : public NameLookup {
 public:
  CaresLookup(asio::io_context& io, std::optional<DnsServer> server) : io_(io), server_(std::move(server)) {}

  std::unique_ptr<PendingLookup> resolve(const std::string& host, Done done) override {
    auto query = std::make_shared<Query>(io_, host, std::move(done));
    if (is_localhost_name(host)) {
      query->finish({{asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()}, {}});
    } else {
      query->start(server_);
    }
    return std::make_unique<Handle>(std::move(query));
  }

 private:
  asio::io_context& io_;
  std::optional<DnsServer> server_;
};

}  // namespace

Result<DnsServer> DnsServer::parse(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return Refusal{"'" + std::string(text) + "' is not a name server: " + std::string(why) +
                   " (for example 127.0.0.1:53)"};
  };
  const bool v6 = text.starts_with('[');
  const auto host_end = v6 ? text.find(']') : text.find(':');
  if (v6 && host_end == text.npos) return bad("the bracket is not closed");
  const auto host = text.substr(v6 ? 1 : 0, v6 ? host_end - 1 : host_end);
  error_code error;
  DnsServer server;
  server.address = asio::ip::make_address(std::string(host), error);
  if (error || server.address.is_v6() != v6) return bad("it must be an IP address, IPv6 in brackets, with a port");
  const auto rest = host_end == text.npos ? std::string_view{} : text.substr(host_end + (v6 ? 1 : 0));
  if (rest.empty()) return server;
  const auto digits = rest.substr(1);
  const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), server.port);
  if (rest[0] != ':' || code != std::errc{} || stop != digits.data() + digits.size() || server.port == 0) {
    return bad("the port must be 1 to 65535");
  }
  return server;
}

std::unique_ptr<NameLookup> make_cares_lookup(asio::io_context& io, std::optional<DnsServer> server) {
  return std::make_unique<CaresLookup>(io, std::move(server));
}

}  // namespace mock::transport
