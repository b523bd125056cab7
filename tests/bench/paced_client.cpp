// `paced_client --port P --path /hook/x --rate R`: pushes at a given rate over kept TLS 1.3 connections, each of
// another entity. The instants are drawn beforehand (Poisson) and a push's time counts from its instant, also while it
// waits for a connection: a server that stalls is charged for all that it held up. OpenSSL works on the sockets
// themselves, as this client must have time left at any rate that is measured. Prints rate, p50, p99 and the longest in
// ms, and how many answers were not 200.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct FreeTls {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  void operator()(SSL* session) const noexcept { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;

TlsContext make_context() {
  TlsContext context{SSL_CTX_new(TLS_client_method())};
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1)
    throw std::runtime_error("OpenSSL has no TLS 1.3");
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

// Gives what a call of the system gave.
int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { ::close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

struct Options {
  std::uint16_t port = 0;
  std::string path = "/hook/x";
  double rate = 1'000;
  double seconds = 5;
  std::size_t connections = 64;
  std::size_t body_bytes = 250;
};

std::string push_of(const Options& options, std::uint32_t number) {
  std::string body = fmt::format(
      R"({{"event":"invoice.updated","data":{{"id":"{:08x}-0000-11f1-9000-0123456789ab","lastUpdatedAt":"2026-11-24T02:00:00Z","note":")",
      number * 2'654'435'761u);
  const std::string tail = R"("}})";
  if (body.size() + tail.size() < options.body_bytes) body.append(options.body_bytes - body.size() - tail.size(), 'x');
  body += tail;
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: paced\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      options.path, body.size(), body);
}

/// One kept connection; a push at a time.
class Line {
 public:
  Line(std::uint16_t port, SSL_CTX* context) : session_(SSL_new(context)) {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    checked(::connect(fd(), reinterpret_cast<const sockaddr*>(&server), sizeof server), "connect");
    const int on = 1;
    checked(::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    if (!session_ || SSL_set_fd(session_.get(), fd()) != 1 || SSL_connect(session_.get()) != 1)
      throw std::runtime_error("no TLS session with the server");
    checked(::fcntl(fd(), F_SETFL, O_NONBLOCK), "O_NONBLOCK");
  }

  int fd() const noexcept { return socket_.get(); }
  Clock::time_point due() const noexcept { return due_; }

  /// It fits into the socket's empty buffer.
  void send(const std::string& push, Clock::time_point due) {
    due_ = due;
    in_.clear();
    std::size_t written = 0;
    if (SSL_write_ex(session_.get(), push.data(), push.size(), &written) != 1)
      throw std::runtime_error("a push did not go out at once");
  }

  /// Whether the whole answer is there now.
  bool read() {
    std::array<char, 4096> chunk;
    std::size_t size = 0;
    while (SSL_read_ex(session_.get(), chunk.data(), chunk.size(), &size) == 1) {
      in_.append(chunk.data(), size);
      if (complete()) return true;
    }
    if (SSL_get_error(session_.get(), 0) != SSL_ERROR_WANT_READ) throw std::runtime_error("a connection broke");
    return false;
  }
  bool is_200() const { return in_.starts_with("HTTP/1.1 200 "); }

 private:
  bool complete() const {
    const auto head = in_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const auto length = in_.find("Content-Length: ");
    const std::size_t body = length < head ? std::stoul(in_.substr(length + 16)) : 0;
    return in_.size() >= head + 4 + body;
  }

  const Descriptor socket_{checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
  std::unique_ptr<SSL, FreeTls> session_;
  std::string in_;
  Clock::time_point due_;
};

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {
    for (std::size_t n = 0; n < options.connections; ++n) {
      lines_.push_back(std::make_unique<Line>(options.port, context_.get()));
      free_.push_back(lines_.back().get());
      epoll_event event{EPOLLIN, {lines_.back().get()}};
      checked(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, lines_.back()->fd(), &event), "epoll_ctl");
    }
  }

  void go() {
    began_ = next_due_ = Clock::now();
    draw_next();
    while (!is_over() || took_.size() < number_ || !waiting_.empty()) {
      for (const auto now = Clock::now(); !is_over() && next_due_ <= now; draw_next()) waiting_.push_back(next_due_);
      give_out();
      take_answers();
    }
  }

  void print() {
    const double seconds = std::chrono::duration<double>(Clock::now() - began_).count();
    std::sort(took_.begin(), took_.end());
    if (took_.empty()) throw std::runtime_error("no push was answered");
    const auto at = [&](double part) {
      return took_[static_cast<std::size_t>(part * static_cast<double>(took_.size() - 1))];
    };
    fmt::print("{:.0f} {:.2f} {:.2f} {:.2f} {}\n", static_cast<double>(took_.size()) / seconds, at(0.5), at(0.99),
               took_.back(), refused_);
  }

 private:
  void draw_next() {
    next_due_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{gap_(random_)});
  }
  bool is_over() const { return next_due_ - began_ > std::chrono::duration<double>{options_.seconds}; }

  void give_out() {
    for (; !waiting_.empty() && !free_.empty(); waiting_.pop_front(), free_.pop_front())
      free_.front()->send(push_of(options_, ++number_), waiting_.front());
  }

  // Waits for one, or until the next push is due.
  void take_answers() {
    const auto left = std::chrono::nanoseconds{is_over() ? std::chrono::seconds{1} : next_due_ - Clock::now()}.count();
    const timespec wait{left > 0 ? left / 1'000'000'000 : 0, left > 0 ? left % 1'000'000'000 : 0};
    std::array<epoll_event, 64> events{};
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()), &wait, nullptr);
    for (int n = 0; n < checked(count, "epoll_pwait2"); ++n)
      take_answer(*static_cast<Line*>(events[static_cast<std::size_t>(n)].data.ptr));
  }

  void take_answer(Line& line) {
    if (!line.read()) return;
    took_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - line.due()).count());
    refused_ += line.is_200() ? 0 : 1;
    free_.push_back(&line);
  }

  const Options options_;
  const TlsContext context_ = make_context();
  const Descriptor epoll_{checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
  std::mt19937_64 random_{1};
  std::exponential_distribution<double> gap_{options_.rate};
  std::uint32_t number_ = 0;
  Clock::time_point began_, next_due_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::deque<Line*> free_;
  std::deque<Clock::time_point> waiting_;
  std::vector<double> took_;
  std::size_t refused_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Pushes at a given rate, and how long each took"};
  Options options;
  app.add_option("--port", options.port, "of the server, on 127.0.0.1")->required();
  app.add_option("--path", options.path, "of the hook")->capture_default_str();
  app.add_option("--rate", options.rate, "pushes a second")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--seconds", options.seconds, "how long")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--connections", options.connections, "kept connections")->capture_default_str();
  app.add_option("--body", options.body_bytes, "bytes of a body")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    Run run{options};
    run.go();
    run.print();
  } catch (const std::exception& error) {
    fmt::print(stderr, "paced_client: {}\n", error.what());
    return 1;
  }
}
