// A person's command as a child process in a process group of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace mock::conformance {

/// `sh -c COMMAND` with an empty stdin, its stdout piped to us, its stderr ours. Whatever it starts is in its process
/// group, unless that leaves it. Ended with SIGKILL, the whole group, by end() or the destructor. For one thread.
class ShellCommand {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Throws std::runtime_error when no process can be made.
  explicit ShellCommand(const std::string& command);
  ~ShellCommand();
  ShellCommand(const ShellCommand&) = delete;
  ShellCommand& operator=(const ShellCommand&) = delete;

  enum class Read : unsigned char { some, end, late };
  /// Adds what the command prints next to `into`.
  Read read(std::string& into, Deadline deadline) const;

  /// To the whole group.
  void signal(int number) const;
  /// How it ended, for people ("exit code 1"), once it has: never waits.
  std::optional<std::string> ended() const;
  /// SIGKILL to the whole group; returns when no process of it is left, so that its ports and locks are free.
  void end();

  int output() const noexcept { return output_; }

 private:
  pid_t pid_ = -1;  ///< of the shell, which leads the group; < 0 after end()
  int output_ = -1;
};

/// What a command printed until its end, or why that is not to be had: it took longer than `limit`, printed more than
/// `bytes_max`, or failed.
struct CommandOutput {
  std::string text;
  std::string problem;  ///< one line; empty if all is well
};
CommandOutput output_of(const std::string& command, std::chrono::milliseconds limit, std::size_t bytes_max);

}  // namespace mock::conformance
