// sample-consumer: receives Prospero's pushes over HTTPS, stores each before it answers 200, handles it afterwards.
// This file reads the arguments and waits for signals; service.hpp is the consumer, handlers.hpp what it does.
#include <fmt/format.h>
#include <pthread.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "consumer/config.hpp"
#include "consumer/inbox_command.hpp"
#include "consumer/line_queue.hpp"
#include "consumer/log_format.hpp"
#include "consumer/log_throttle.hpp"
#include "consumer/service.hpp"

namespace {

constexpr int usage_error = 2;
constexpr std::chrono::milliseconds stop_max{4'700};                        // of the 5 s that a stop may take
constexpr std::chrono::milliseconds drain_max{3'000}, handlers_max{4'000};  // of those, both from the beginning
constexpr std::chrono::milliseconds lines_max{300};                         // after them

void print(const std::string& lines) {
  std::fwrite(lines.data(), 1, lines.size(), stdout);
  std::fflush(stdout);
}

/// Whoever reads stdout may stall: no handler waits for that.
consumer::LineQueue handled_lines() {
  constexpr std::size_t waiting_max = 8'192;
  const auto log = std::make_shared<consumer::LogThrottle>(std::chrono::seconds(10),
                                                           [](const std::string& line) { spdlog::warn("{}", line); });
  return {waiting_max, print, [log] { log->tell("lines about handled pushes are dropped: nobody reads stdout"); }};
}

/// Whoever reads stderr may stall: no thread that serves pushes waits for that; old lines are dropped first.
void start_log(consumer::LogFormat format) {
  constexpr std::size_t lines_waiting_max = 8'192;
  spdlog::init_thread_pool(lines_waiting_max, 1);
  auto log = spdlog::create_async_nb<spdlog::sinks::stderr_sink_mt>("sample-consumer");
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

/// Signals are for serve_until_told() alone: blocked here, before any thread is started.
sigset_t block_signals() {
  sigset_t ours;
  sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ours, number);
  pthread_sigmask(SIG_BLOCK, &ours, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // whoever read stdout may be gone
  std::signal(SIGXFSZ, SIG_IGN);  // a file may not grow: as on a full disk, pushes get 503
  return ours;
}

/// Until SIGTERM or SIGINT; afterwards the next such signal ends the process at once.
void serve_until_told(const sigset_t& ours, consumer::Service& service) {
  int number = 0;
  while (sigwait(&ours, &number) != 0 || number == SIGHUP)
    if (number == SIGHUP) service.reload_certificate();
  std::signal(SIGHUP, SIG_IGN);  // a terminal that goes must not cut the stop short
  pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
}

/// Whatever a handler does, and whoever does not read what is written: the process ends in time. What was answered 200
/// is in the inbox. Needs no memory, which may be what is short. Whoever started the process may have blocked the
/// signal.
void end_at_the_latest(std::chrono::microseconds limit) {
  std::signal(SIGALRM, SIG_IGN);  // drops one that has been waiting
  std::signal(SIGALRM, [](int) { std::_Exit(0); });
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &alarm, nullptr);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
  const itimerval once{{}, {seconds.count(), (limit - seconds).count()}};
  setitimer(ITIMER_REAL, &once, nullptr);
}

void stop(consumer::Service& service, consumer::LineQueue& lines) {
  end_at_the_latest(stop_max);
  spdlog::info("stopping; a second signal stops at once");
  const bool handlers_ended = service.stop(drain_max, handlers_max);
  if (!handlers_ended)
    spdlog::warn("a handler has not ended: its push stays pending in the inbox and is handled after the next start");
  const bool lines_written = lines.stop(lines_max);
  if (!lines_written) spdlog::warn("the last lines about handled pushes are dropped: nobody reads stdout");
  if (handlers_ended && lines_written) return;
  spdlog::shutdown();  // writes what waits
  std::_Exit(0);
}

int serve(const consumer::Config& config) {
  const sigset_t ours = block_signals();
  start_log(config.log_format);
  raise_open_files_limit();
  consumer::LineQueue lines = handled_lines();
  consumer::Service service(config, [&lines](const std::string& line) { lines.add(line); });
  print(service.ready().shown_url + "\n");
  if (!service.ready().admin_url.empty()) print(service.ready().admin_url + "\n");
  service.start_handling();
  serve_until_told(ours, service);
  stop(service, lines);
  return 0;
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
      inbox.to_terminal = isatty(STDOUT_FILENO) == 1;
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
