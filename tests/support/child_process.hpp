// A real process under test: its output line by line, its death by any signal, its exit code.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace test_support {

/// Starts a program in its own process group; the destructor kills the group. Not thread-safe.
class ChildProcess {
 public:
  struct Exit {
    int code = -1;   ///< exit code, -1 when a signal ended it
    int signal = 0;  ///< the signal that ended it, 0 otherwise
  };

  /// `argv[0]` is the program's path. stderr goes to `stderr_file` (appended) or, when that is empty, to the test's
  /// own.
  explicit ChildProcess(std::vector<std::string> argv, const std::string& stderr_file = {});
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The next line of stdout without its line end. Throws std::runtime_error, with what was printed so far, when the
  /// program closes stdout or `limit` passes first.
  std::string read_line(std::chrono::seconds limit = std::chrono::seconds(20));

  /// Reads lines until one contains `text`, and returns that one.
  std::string read_until(const std::string& text, std::chrono::seconds limit = std::chrono::seconds(20));

  void signal(int number);  ///< sends to the whole group
  Exit wait(std::chrono::seconds limit = std::chrono::seconds(20));

  const std::string& output() const noexcept { return output_; }  ///< everything read from stdout so far
  pid_t pid() const noexcept { return pid_; }

 private:
  void read_more(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int stdout_ = -1;
  std::string output_;
  std::size_t consumed_ = 0;
  std::optional<Exit> exit_;
};

/// Runs a program to its end: exit code and both outputs.
struct Finished {
  int code = -1;
  std::string out, err;
};
Finished run(std::vector<std::string> argv, std::chrono::seconds limit = std::chrono::seconds(60));

}  // namespace test_support
