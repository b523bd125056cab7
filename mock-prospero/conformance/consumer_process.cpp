#include "conformance/consumer_process.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "conformance/shell_command.hpp"

namespace mock::conformance {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto url_within = std::chrono::seconds(30);
constexpr auto stopped_within = std::chrono::seconds(5);
constexpr auto look_every = std::chrono::milliseconds(100);
constexpr std::size_t line_bytes_max = 8 * 1024;

// The URL in a line, which may have words around it.
std::string url_in(std::string_view line) {
  const auto begin = line.find("http");
  if (begin == std::string_view::npos) return {};
  const auto rest = line.substr(begin);
  return std::string(rest.substr(0, rest.find_first_of(" \t\r\n")));
}

// Reads on, so that a talkative command never waits for a full pipe.
class Drain {
 public:
  explicit Drain(const ShellCommand& command) : thread_([this, &command] { run(command); }) {}
  ~Drain() {
    stopping_ = true;
    thread_.join();
  }
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

 private:
  void run(const ShellCommand& command) const {
    auto last = ShellCommand::Read::some;
    while (!stopping_ && last != ShellCommand::Read::end) {
      std::string thrown_away;
      last = command.read(thrown_away, Steady::now() + look_every);
    }
  }

  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

class ShellConsumer : public ConsumerProcess {
 public:
  ShellConsumer(std::string command, std::string url, std::function<bool()> interrupted)
      : command_(std::move(command)),
        url_(std::move(url)),
        tells_url_(url_ == url_from_output),
        interrupted_(std::move(interrupted)) {}

  ~ShellConsumer() override {
    if (child_) child_->signal(SIGTERM);
    const auto deadline = Steady::now() + stopped_within;
    while (running() && Steady::now() < deadline) ::poll(nullptr, 0, 10);
    kill();
  }

  std::string start() override {
    kill();
    child_.emplace(command_);
    auto problem = tells_url_ ? read_url() : std::string();
    drain_.emplace(*child_);
    return problem;
  }

  const std::string& url() const override { return url_; }

  void kill() override {
    if (child_) child_->end();
    drain_.reset();
    child_.reset();
  }

  bool running() const override { return child_ && !child_->ended(); }
  std::optional<std::string> ended() const override { return child_ ? child_->ended() : std::nullopt; }

 private:
  std::string read_url() {
    std::string text;
    const auto deadline = Steady::now() + url_within;
    auto last = ShellCommand::Read::some;
    while (last != ShellCommand::Read::end && Steady::now() < deadline && text.find('\n') == std::string::npos &&
           text.size() < line_bytes_max) {
      if (interrupted_ && interrupted_()) return "a person ended the run before it printed its URL";
      last = child_->read(text, std::min(deadline, Steady::now() + look_every));
    }
    url_ = url_in(text.substr(0, text.find('\n')));
    if (!url_.empty()) return {};
    if (last == ShellCommand::Read::end) return "it ended before it printed its URL";
    return text.empty() ? "it printed no line within 30 s" : "the first line that it printed holds no URL";
  }

  std::string command_, url_;
  bool tells_url_;
  std::function<bool()> interrupted_;
  std::optional<ShellCommand> child_;
  std::optional<Drain> drain_;
};

}  // namespace

std::unique_ptr<ConsumerProcess> make_consumer_process(std::string command, std::string url,
                                                       std::function<bool()> interrupted) {
  return std::make_unique<ShellConsumer>(std::move(command), std::move(url), std::move(interrupted));
}

}  // namespace mock::conformance
