// `paced_client --port P --path /hook/x --rate R`: pushes at a given rate over kept TLS 1.3 connections, each of
// another entity. The instants are drawn beforehand (Poisson) and a push's time counts from its instant, also while it
// waits for a connection: a server that stalls is charged for all that it held up. Prints rate, p50, p99 and the
// longest in ms, and how many answers were not 200.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

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

class Run;

/// One kept connection; a push at a time.
class Line {
 public:
  Line(Run& run, asio::io_context& io, asio::ssl::context& tls) : run_(run), stream_(io, tls) {}

  void open(const tcp::endpoint& server) {
    stream_.lowest_layer().connect(server);
    stream_.lowest_layer().set_option(tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
  }
  void send(std::string push, Clock::time_point due);

 private:
  void read();
  bool complete() const {
    const auto head = in_.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const auto length = in_.find("Content-Length: ");
    const std::size_t body = length < head ? std::stoul(in_.substr(length + 16)) : 0;
    return in_.size() >= head + 4 + body;
  }

  Run& run_;
  asio::ssl::stream<tcp::socket> stream_;
  std::string out_, in_;
  std::array<char, 4096> chunk_{};
  Clock::time_point due_;
};

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {
    for (std::size_t n = 0; n < options.connections; ++n) {
      lines_.push_back(std::make_unique<Line>(*this, io_, tls_));
      lines_.back()->open({asio::ip::make_address("127.0.0.1"), options.port});
      free_.push_back(lines_.back().get());
    }
  }

  void go() {
    began_ = Clock::now();
    next_due_ = began_;
    arm();
    io_.run();
  }

  void answered(Line& line, Clock::time_point due, bool is_200) {
    took_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
    refused_ += is_200 ? 0 : 1;
    free_.push_back(&line);
    give_out();
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
  void arm() {
    next_due_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>{gap_(random_)});
    if (next_due_ - began_ > std::chrono::duration<double>{options_.seconds}) return;
    timer_.expires_at(next_due_);
    timer_.async_wait([this](const error_code&) {
      waiting_.push_back(next_due_);
      give_out();
      arm();
    });
  }

  void give_out() {
    while (!waiting_.empty() && !free_.empty()) {
      Line* const line = free_.front();
      free_.pop_front();
      const auto due = waiting_.front();
      waiting_.pop_front();
      line->send(push_of(options_, ++number_), due);
    }
  }

  const Options options_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tlsv13_client};
  asio::steady_timer timer_{io_};
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

void Line::send(std::string push, Clock::time_point due) {
  out_ = std::move(push);
  due_ = due;
  in_.clear();
  asio::async_write(stream_, asio::buffer(out_), [this](const error_code& error, std::size_t) {
    if (error) throw std::runtime_error("a connection broke: " + error.message());
    read();
  });
}

void Line::read() {
  stream_.async_read_some(asio::buffer(chunk_), [this](const error_code& error, std::size_t size) {
    if (error) throw std::runtime_error("a connection broke: " + error.message());
    in_.append(chunk_.data(), size);
    if (!complete()) return read();
    run_.answered(*this, due_, in_.starts_with("HTTP/1.1 200 "));
  });
}

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
