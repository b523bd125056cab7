#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <prospero/webhooks/receive/worker.hpp>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "backoff.hpp"
#include "hand_over.hpp"

namespace prospero::webhooks {
namespace {

// After an error of the inbox; also how long a step of the wall clock can go unnoticed while a retry is awaited.
constexpr std::chrono::seconds trouble_pause{1};
constexpr std::chrono::milliseconds retry_check_max{10'000};

InboxTime wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

double random_spread() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
}

void check(const WorkerOptions& options) {
  if (options.threads == 0) throw std::invalid_argument("WorkerOptions::threads must be at least 1");
  if (options.tries_max == 0) throw std::invalid_argument("WorkerOptions::tries_max must be at least 1");
  if (options.backoff_min.count() < 0 || options.backoff_max < options.backoff_min)
    throw std::invalid_argument("WorkerOptions::backoff_min must be from 0 to backoff_max");
}

}  // namespace

struct Worker::Impl {
  Impl(Inbox& from, const Dispatcher& to, WorkerOptions given);

  void start();
  void stop();
  void work();
  bool work_once();
  void settle(InboxRow row, const HandOver& result);
  void wait_for_more(std::uint64_t seen);
  void wait_for_stop(std::chrono::milliseconds pause);
  void report_trouble(const std::string& what) const;

  Inbox& inbox;
  const Dispatcher& dispatcher;
  const WorkerOptions options;
  const HandOverRules rules;

  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t wakes = 0;  // how often the inbox said that there may be more
  std::stop_source stopping;

  std::mutex join_mutex;
  std::vector<std::thread> threads;
};

Worker::Impl::Impl(Inbox& from, const Dispatcher& to, WorkerOptions given)
    : inbox(from),
      dispatcher(to),
      options(std::move(given)),
      rules{options.tries_max,
            [this](unsigned tries) {
              return wall_clock() + backoff_delay(tries, options.backoff_min, options.backoff_max, random_spread());
            },
            options.find_done_mark} {}

void Worker::Impl::start() {
  inbox.on_ready([this] {
    const std::lock_guard hold{mutex};
    ++wakes;
    changed.notify_all();
  });
  try {
    for (unsigned n = 0; n < options.threads; ++n) threads.emplace_back([this] { work(); });
  } catch (...) {  // the system has no more threads: those that run must not outlive this
    stop();
    throw;
  }
}

void Worker::Impl::stop() {
  stopping.request_stop();  // runs what handlers registered for it, so not under the mutex
  { const std::lock_guard after_any_look_at_the_token{mutex}; }
  changed.notify_all();
  const std::lock_guard hold{join_mutex};
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  inbox.on_ready(nullptr);
}

void Worker::Impl::work() {
  while (!stopping.stop_requested()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard hold{mutex};
      seen = wakes;
    }
    try {
      if (!work_once()) wait_for_more(seen);
    } catch (const std::exception& error) {
      report_trouble(error.what());
      wait_for_stop(trouble_pause);
    }
  }
}

bool Worker::Impl::work_once() {
  const auto taken = inbox.take(wall_clock());
  if (!taken) return false;
  if (stopping.stop_requested()) {
    inbox.release(taken->row.seq);
    return true;
  }
  settle(taken->row, hand_over(*taken, dispatcher, rules, stopping.get_token()));
  return true;
}

// Not written down means not settled: the arrival stays with this thread, and its entity waits. A worker that stops
// gives up after one more attempt; the arrival is then handed over again by the next one.
void Worker::Impl::settle(InboxRow row, const HandOver& result) {
  for (;;) {
    const bool last_attempt = stopping.stop_requested();
    const StoreResult written = inbox.finish(row.seq, result);
    if (written.durable()) break;
    report_trouble("arrival " + std::to_string(row.seq) +
                   " was handled, but this cannot be written down: " + written.error);
    if (last_attempt) return inbox.release(row.seq);
    wait_for_stop(trouble_pause);
  }
  row.state = result.state;
  row.tries += result.called ? 1 : 0;
  row.error = result.error;
  if (result.freshness) row.freshness = result.freshness;
  if (options.on_handled) options.on_handled(row);
}

void Worker::Impl::wait_for_more(std::uint64_t seen) {
  const auto retry_at = inbox.next_retry_at();
  const auto more = [&] { return wakes != seen || stopping.stop_requested(); };
  std::unique_lock hold{mutex};
  if (!retry_at) return changed.wait(hold, more);
  const auto until_retry = *retry_at - wall_clock() + std::chrono::milliseconds{1};
  changed.wait_for(
      hold, std::clamp<std::chrono::milliseconds>(until_retry, std::chrono::milliseconds{1}, retry_check_max), more);
}

void Worker::Impl::wait_for_stop(std::chrono::milliseconds pause) {
  std::unique_lock hold{mutex};
  changed.wait_for(hold, pause, [this] { return stopping.stop_requested(); });
}

void Worker::Impl::report_trouble(const std::string& what) const {
  if (options.on_trouble) options.on_trouble(what);
}

Worker::Worker(Inbox& inbox, const Dispatcher& dispatcher, WorkerOptions options) {
  check(options);
  impl_ = std::make_unique<Impl>(inbox, dispatcher, std::move(options));
  impl_->start();
}

Worker::~Worker() {
  stop();
}

void Worker::stop() {
  impl_->stop();
}

}  // namespace prospero::webhooks
