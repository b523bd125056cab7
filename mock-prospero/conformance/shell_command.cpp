#include "conformance/shell_command.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>

namespace mock::conformance {
namespace {

using Steady = std::chrono::steady_clock;

std::string exit_code(int status) {
  return fmt::format("exit code {}", status);
}

// What the tester ignores or catches must not reach the child as ignored.
void set_attributes(posix_spawnattr_t& attributes) {
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  for (const int number : {SIGPIPE, SIGINT, SIGTERM}) sigaddset(&usual, number);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
}

int spawn_shell(const std::string& command, int output, pid_t& pid) {
  posix_spawnattr_t attributes;
  set_attributes(attributes);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  std::string shell = "sh", option = "-c", text = command;
  const std::array<char*, 4> words{shell.data(), option.data(), text.data(), nullptr};
  const int error = posix_spawn(&pid, "/bin/sh", &files, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

ShellCommand::ShellCommand(const std::string& command) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);  // end() can then wait for what the command leaves behind
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe: " + std::generic_category().message(errno));
  const int error = spawn_shell(command, ends[1], pid_);
  ::close(ends[1]);
  output_ = ends[0];
  if (error != 0) {
    ::close(output_);
    throw std::runtime_error("no process: " + std::generic_category().message(error));
  }
}

ShellCommand::~ShellCommand() {
  end();
  ::close(output_);
}

ShellCommand::Read ShellCommand::read(std::string& into, Deadline deadline) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
  pollfd waiting{output_, POLLIN, 0};
  if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return Read::late;
  std::array<char, 16 * 1024> bytes;
  const auto got = ::read(output_, bytes.data(), bytes.size());
  if (got <= 0) return Read::end;
  into.append(bytes.data(), static_cast<std::size_t>(got));
  return Read::some;
}

void ShellCommand::signal(int number) const {
  if (pid_ > 0) ::kill(-pid_, number);
}

// Left unreaped, so that nothing else gets its number before end().
std::optional<std::string> ShellCommand::ended() const {
  siginfo_t info{};
  if (pid_ < 0 || ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid == 0) {
    return std::nullopt;
  }
  return info.si_code == CLD_EXITED ? exit_code(info.si_status) : fmt::format("signal {}", info.si_status);
}

void ShellCommand::end() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  while (::waitpid(-pid_, nullptr, 0) > 0 || errno == EINTR) continue;
  pid_ = -1;
}

CommandOutput output_of(const std::string& command, std::chrono::milliseconds limit, std::size_t bytes_max) {
  CommandOutput output;
  ShellCommand child(command);
  const auto deadline = Steady::now() + limit;
  auto last = ShellCommand::Read::some;
  while (last == ShellCommand::Read::some && output.text.size() <= bytes_max) last = child.read(output.text, deadline);
  if (output.text.size() > bytes_max) {
    output.problem = fmt::format("it printed more than {} bytes", bytes_max);
  } else if (last == ShellCommand::Read::late) {
    output.problem = fmt::format("it took longer than {} s", std::chrono::floor<std::chrono::seconds>(limit).count());
  } else {
    // Its output is closed; the end of the process follows.
    auto how = child.ended();
    while (!how && Steady::now() < deadline) {
      ::poll(nullptr, 0, 1);
      how = child.ended();
    }
    if (how != exit_code(0)) output.problem = fmt::format("it ended with {}", how.value_or("nothing in time"));
  }
  return output;
}

}  // namespace mock::conformance
