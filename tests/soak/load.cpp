#include "load.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>

#include "identity.hpp"

namespace soak {
namespace {

using Clock = std::chrono::steady_clock;

/// One blocking connection.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Nothing when the connection breaks, or when nobody answers for 20 s.
  std::optional<int> post(const std::string& body) {
    const std::string request =
        "POST /hook/soak HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    if (!open_ || !send_all(request)) return std::nullopt;
    std::string answer;
    while (!complete(answer)) {
      std::array<char, 1024> chunk;
      pollfd wanted{fd_, POLLIN, 0};
      if (::poll(&wanted, 1, 20'000) != 1) return std::nullopt;
      const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
      if (got <= 0) return std::nullopt;
      answer.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return std::stoi(answer.substr(9, 3));
  }

 private:
  bool send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  static bool complete(const std::string& answer) {
    const auto head = answer.find("\r\n\r\n");
    const auto length = answer.find("Content-Length: ");
    return head != std::string::npos && length < head &&
           answer.size() >= head + 4 + std::stoul(answer.substr(length + 16));
  }

  int fd_;
  bool open_ = false;
};

void run_client(std::uint16_t port, const LoadOptions& options, std::atomic<std::uint64_t>& next, Answers& answers,
                const std::atomic<bool>& stopping) {
  while (!stopping) {
    Client client{port};
    for (std::uint64_t n = 0; n < options.pushes_a_connection && !stopping; ++n) {
      const std::string body = push_body(next++, options.body_bytes);
      const auto began = Clock::now();
      const auto status = client.post(body);
      if (!status) break;
      answers.add(*status, body, Clock::now() - began);
      if (options.pause.count() > 0) std::this_thread::sleep_for(options.pause);
    }
  }
}

}  // namespace

std::string push_body(std::uint64_t number, std::size_t more_bytes) {
  constexpr std::uint64_t entities = 64;
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(),
                R"({"event":"invoice.updated","data":{"id":"%08x-0000-11f1-8000-0123456789ab","number":%llu,"note":")",
                static_cast<unsigned>(number % entities), static_cast<unsigned long long>(number));
  return text.data() + std::string(more_bytes, 'x') + R"("}})";
}

void Answers::add(int status, const std::string& body, std::chrono::duration<double> took) {
  std::string identity = status == 200 ? prospero::webhooks::identity_of(body).hex() : std::string{};
  const std::lock_guard hold{mutex_};
  if (status == 200) identities_.push_back(std::move(identity));
  took_[status].push_back(took.count());
}

std::vector<std::string> Answers::identities() const {
  const std::lock_guard hold{mutex_};
  return identities_;
}

std::uint64_t Answers::count(int status) const {
  const std::lock_guard hold{mutex_};
  const auto found = took_.find(status);
  return found == took_.end() ? 0 : found->second.size();
}

double Answers::longest_s(int status) const {
  const std::lock_guard hold{mutex_};
  const auto found = took_.find(status);
  return found == took_.end() ? 0 : *std::max_element(found->second.begin(), found->second.end());
}

double Answers::p99_s(int status) const {
  const std::lock_guard hold{mutex_};
  const auto found = took_.find(status);
  if (found == took_.end()) return 0;
  std::vector<double> took = found->second;
  const auto at = took.begin() + static_cast<std::ptrdiff_t>(took.size() * 99 / 100);
  std::nth_element(took.begin(), at, took.end());
  return *at;
}

Load::Load(std::uint16_t port, const LoadOptions& options, std::atomic<std::uint64_t>& next_number, Answers& answers) {
  for (std::size_t n = 0; n < options.clients; ++n)
    clients_.emplace_back(
        [this, port, options, &next_number, &answers] { run_client(port, options, next_number, answers, stopping_); });
}

Load::~Load() {
  stopping_ = true;
  for (std::thread& client : clients_) client.join();
}

}  // namespace soak
