// sample-consumer: receives Prospero's pushes over HTTPS, stores each before it answers 200, handles it afterwards.
// This file reads the arguments and waits for signals; service.hpp is the consumer, handlers.hpp what it does.
#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

#include "consumer/config.hpp"
#include "consumer/inbox_command.hpp"
#include "consumer/log_format.hpp"
#include "consumer/service.hpp"

namespace {

constexpr int usage_error = 2;
constexpr std::chrono::milliseconds drain_max{3'000}, handlers_max{1'500};  // of the 5 s that a stop may take

void print_line(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fwrite((line + "\n").data(), 1, line.size() + 1, stdout);
  std::fflush(stdout);
}

void start_log(consumer::LogFormat format) {
  auto log = spdlog::stderr_logger_mt("sample-consumer");
  log->set_formatter(consumer::make_log_formatter(format));
  spdlog::set_default_logger(log);
}

/// Connections cost a file descriptor each, and the usual soft limit is 1024.
void raise_open_files_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) spdlog::warn("the limit of open files stays as it was");
}

/// SIGTERM and SIGINT are for wait_for_signal() alone: blocked here, before any thread is started.
sigset_t block_stop_signals() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // whoever read stdout may be gone
  return stop;
}

/// Afterwards the next such signal ends the process at once.
void wait_for_signal(const sigset_t& stop) {
  int number = 0;
  sigwait(&stop, &number);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  spdlog::info("stopping; a second signal stops at once");
}

int serve(const consumer::Config& config) {
  start_log(config.log_format);
  raise_open_files_limit();
  const sigset_t stop = block_stop_signals();
  consumer::Service service(config, print_line);
  print_line(service.ready().shown_url);
  if (!service.ready().admin_url.empty()) print_line(service.ready().admin_url);
  service.start_handling();
  wait_for_signal(stop);
  if (service.stop(drain_max, handlers_max)) return 0;
  spdlog::error("a handler does not return: its push is handed over again at the next start");
  spdlog::shutdown();
  std::_Exit(0);  // it still uses what would be destroyed
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A complete consumer of Prospero's webhooks: stores each push, answers 200, handles it afterwards.",
               "sample-consumer"};
  app.set_version_flag("--version", "sample-consumer " SAMPLE_CONSUMER_VERSION);
  consumer::Flags flags;
  consumer::add_flags(app, flags);
  consumer::InboxFlags inbox;
  consumer::add_inbox_command(app, inbox);
  try {
    app.parse(argc, argv);
    if (!inbox.verb.empty()) {
      consumer::run_inbox_command(inbox, std::cout);
      return 0;
    }
    return serve(consumer::checked(flags));
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sample-consumer: {}\n", error.what());
    return usage_error;
  }
}
