#include "support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/temp_folder.hpp"

namespace test_support {
namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void exec_child(std::vector<std::string>& argv, int out, const std::string& stderr_file) {
  setpgid(0, 0);
  dup2(out, STDOUT_FILENO);
  if (!stderr_file.empty()) {
    const int err = open(stderr_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (err >= 0) dup2(err, STDERR_FILENO);
  }
  std::vector<char*> raw;
  for (auto& word : argv) raw.push_back(word.data());
  raw.push_back(nullptr);
  execv(raw[0], raw.data());
  _exit(127);
}

int remaining_ms(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  return left < 0 ? 0 : static_cast<int>(left);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> argv, const std::string& stderr_file) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (pid_ == 0) exec_child(argv, ends[1], stderr_file);
  setpgid(pid_, pid_);
  close(ends[1]);
  stdout_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (!exit_) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(stdout_);
}

void ChildProcess::read_more(Clock::time_point deadline) {
  pollfd wanted{stdout_, POLLIN, 0};
  const int ready = poll(&wanted, 1, remaining_ms(deadline));
  if (ready == 0) throw std::runtime_error("no further line in time; printed so far:\n" + output_);
  char buffer[4096];
  const ssize_t got = read(stdout_, buffer, sizeof buffer);
  if (got <= 0) throw std::runtime_error("the program closed its output; printed so far:\n" + output_);
  output_.append(buffer, static_cast<std::size_t>(got));
}

std::string ChildProcess::read_line(std::chrono::seconds limit) {
  const auto deadline = Clock::now() + limit;
  std::size_t end;
  while ((end = output_.find('\n', consumed_)) == std::string::npos) read_more(deadline);
  std::string line = output_.substr(consumed_, end - consumed_);
  consumed_ = end + 1;
  return line;
}

std::string ChildProcess::read_until(const std::string& text, std::chrono::seconds limit) {
  const auto deadline = Clock::now() + limit;
  for (;;) {
    std::string line = read_line(std::chrono::ceil<std::chrono::seconds>(deadline - Clock::now()));
    if (line.find(text) != std::string::npos) return line;
  }
}

void ChildProcess::signal(int number) {
  if (!exit_) kill(-pid_, number);
}

ChildProcess::Exit ChildProcess::wait(std::chrono::seconds limit) {
  if (exit_) return *exit_;
  const auto deadline = Clock::now() + limit;
  try {
    for (;;) read_more(deadline);  // ends when the program closes its output, as its end does
  } catch (const std::runtime_error&) {
    if (Clock::now() >= deadline) throw std::runtime_error("still running; printed so far:\n" + output_);
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_ = WIFEXITED(status) ? Exit{WEXITSTATUS(status), 0} : Exit{-1, WTERMSIG(status)};
  return *exit_;
}

Finished run(std::vector<std::string> argv, std::chrono::seconds limit) {
  const TempFolder folder;
  const std::string err_file = folder.file("stderr");
  ChildProcess child(std::move(argv), err_file);
  Finished finished;
  finished.code = child.wait(limit).code;
  finished.out = child.output();
  std::ifstream err(err_file);
  finished.err.assign(std::istreambuf_iterator<char>(err), {});
  return finished;
}

}  // namespace test_support
