// The consumer as a process that the suite may kill: level crash.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mock::conformance {

/// For one thread.
class ConsumerProcess {
 public:
  virtual ~ConsumerProcess() = default;
  /// Starts it, again after kill(). Empty, or one line for people that says why it is not there. It need not listen
  /// yet.
  virtual std::string start() = 0;
  /// Where it takes pushes: that may change with each start.
  virtual const std::string& url() const = 0;
  /// SIGKILL; nothing of it runs any more when this returns.
  virtual void kill() = 0;
  /// False before the first start, after kill(), and once it has ended by itself.
  virtual bool running() const = 0;
  /// How it has ended by itself ("exit code 1"); nothing before the first start and after kill().
  virtual std::optional<std::string> ended() const = 0;
};

/// `url` of a consumer that prints its own, as the first line of its output.
inline constexpr const char* url_from_output = "-";

/// A shell command in a process group of its own; what it prints after its URL is thrown away, its stderr is ours. At
/// the end it gets SIGTERM and 5 s. A URL must be printed within 30 s; once `interrupted` holds nobody waits for it any
/// more.
std::unique_ptr<ConsumerProcess> make_consumer_process(std::string command, std::string url,
                                                       std::function<bool()> interrupted = {});

}  // namespace mock::conformance
