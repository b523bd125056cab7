#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <prospero/webhooks/receive/worker.hpp>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "backoff.hpp"
#include "bounded_time.hpp"
#include "caught_text.hpp"
#include "hand_over.hpp"
#include "inbox_clock.hpp"
#include "running_calls.hpp"

namespace prospero::webhooks {
namespace {

using std::chrono::milliseconds;

// After an error of the inbox; also how long a step of the wall clock can go unnoticed while a retry is awaited.
constexpr std::chrono::seconds trouble_pause{1};
constexpr std::chrono::minutes trouble_quiet{1};  // after which the same one is told about again
constexpr milliseconds retry_check_max{10'000};
constexpr milliseconds gap_check{10'000};
constexpr milliseconds stop_forever = milliseconds::max();

double random_spread() noexcept {
  try {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>{0.0, 1.0}(generator);
  } catch (...) {  // the system gives no number; a retry must not fail for that
    return 0.5;
  }
}

void check(const WorkerOptions& options) {
  if (options.threads == 0) throw std::invalid_argument("WorkerOptions::threads must be at least 1");
  if (options.tries_max == 0) throw std::invalid_argument("WorkerOptions::tries_max must be at least 1");
  if (options.backoff_min.count() < 0 || options.backoff_max < options.backoff_min)
    throw std::invalid_argument("WorkerOptions::backoff_min must be from 0 to backoff_max");
  if (options.handler_time_max.count() < 0)
    throw std::invalid_argument("WorkerOptions::handler_time_max must be 0 or more");
}

HandOverRules rules_of(const WorkerOptions& options) {
  const auto retry_at = [least = options.backoff_min, most = options.backoff_max](unsigned tries) {
    return wall_clock() + backoff_delay(tries, least, most, random_spread());
  };
  return {options.tries_max, retry_at, options.find_done_mark};
}

}  // namespace

struct Worker::Impl {
  Impl(Inbox& from, const Dispatcher& to, WorkerOptions given)
      : inbox(from),
        dispatcher(to),
        options(std::move(given)),
        rules(rules_of(options)),
        calls(options.handler_time_max) {}

  void start();
  bool stop(milliseconds wait_max);

  // The threads that hand over.
  std::size_t threads_wanted();
  void fill_pool();
  void work();
  bool may_go_on();
  bool work_once();
  void settle(InboxRow& row, HandOver& result);
  StoreResult write_down(std::uint64_t seq, const HandOver& result) noexcept;
  void wait_for_more(std::uint64_t seen);

  // The thread that watches them.
  void watch();
  void park_overdue();
  bool let_others_stand_in() noexcept;

  // The thread that tells about gaps.
  void start_telling();
  void tell_gaps();
  bool tell_a_gap();

  bool stopping();
  void wait_for_stop(milliseconds pause);
  std::string if_new(const std::string& trouble);
  template <class Words>
  void report_trouble(const Words& words) const noexcept;

  Inbox& inbox;
  const Dispatcher& dispatcher;
  const WorkerOptions options;
  const HandOverRules rules;
  RunningCalls calls;

  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t wakes = 0;  // how often the inbox said that there may be more
  bool stop_asked = false;
  bool tells_gaps = false;                                                // its thread runs
  std::list<std::thread> threads;                                         // that hand over, parked ones among them
  std::thread last_ended;                                                 // it joins the one that ended before it
  std::map<std::string, std::chrono::steady_clock::time_point> troubles;  // when each was last met

  std::mutex join_mutex;
  bool is_woken = false;  // by the inbox; once it is not, it may wake the worker after this one
  std::thread watcher, gap_teller;
};

void Worker::Impl::start() {
  is_woken = true;
  inbox.on_ready([this] {
    const std::lock_guard hold{mutex};
    ++wakes;
    changed.notify_all();
  });
  try {
    fill_pool();
    if (options.handler_time_max.count() > 0) watcher = std::thread{[this] { watch(); }};
    if (options.on_gap) start_telling();
  } catch (...) {  // the system has no more threads: those that run must not outlive this
    stop(stop_forever);
    throw;
  }
}

bool Worker::Impl::stop(milliseconds wait_max) {
  calls.stop_all();
  {
    std::unique_lock hold{mutex};
    stop_asked = true;
    changed.notify_all();
    const auto all_ended = [this] { return threads.empty() && !tells_gaps; };
    if (wait_max == stop_forever)
      changed.wait(hold, all_ended);
    else if (!changed.wait_for(hold, bounded(wait_max), all_ended))
      return false;
  }
  const std::lock_guard joining{join_mutex};
  for (std::thread* thread : {&watcher, &gap_teller, &last_ended})
    if (thread->joinable()) thread->join();
  if (std::exchange(is_woken, false)) inbox.on_ready(nullptr);
  return true;
}

// With the mutex held. Those that are parked have stand-ins up to the cap.
std::size_t Worker::Impl::threads_wanted() {
  return options.threads + std::min<std::size_t>(calls.parked(), options.parked_max);
}

void Worker::Impl::fill_pool() {
  const std::lock_guard hold{mutex};
  while (!stop_asked && threads.size() < threads_wanted()) threads.emplace_back([this] { work(); });
}

void Worker::Impl::work() {
  while (may_go_on()) {
    std::uint64_t seen = 0;
    {
      const std::lock_guard hold{mutex};
      seen = wakes;
    }
    try {
      if (!work_once()) wait_for_more(seen);
    } catch (...) {
      const std::string why = caught_text();
      report_trouble([&] { return if_new(why); });
      wait_for_stop(trouble_pause);
    }
  }
}

// A thread is one too many when one that was parked has come back; then the first that asks ends. What the system keeps
// of a thread goes when it is joined, for which nobody else has to wait.
bool Worker::Impl::may_go_on() {
  std::thread before;
  {
    const std::lock_guard hold{mutex};
    if (!stop_asked && threads.size() <= threads_wanted()) return true;
    const auto own = std::ranges::find(threads, std::this_thread::get_id(), &std::thread::get_id);
    before = std::exchange(last_ended, std::move(*own));
    threads.erase(own);
    changed.notify_all();
  }
  if (before.joinable()) before.join();
  return false;
}

// What could fail does so before a row is taken or in its hand-over: a row that nobody settles would hold up its
// entity.
bool Worker::Impl::work_once() {
  RunningCall call{calls};
  auto taken = inbox.take(wall_clock());
  if (!taken) return false;
  if (stopping()) {
    inbox.release(taken->row.seq);
    return true;
  }
  HandOver result = hand_over(*taken, dispatcher, rules, call.begin(taken->row.seq));
  if (call.end()) let_others_stand_in();  // where there was no thread to be had before
  settle(taken->row, result);
  return true;
}

// Not written down means not settled: the arrival stays with this thread, and its entity waits. A worker that stops
// gives up after one more attempt; the arrival is then handed over again by the next one.
void Worker::Impl::settle(InboxRow& row, HandOver& result) {
  for (;;) {
    const bool last_attempt = stopping();
    const StoreResult written = write_down(row.seq, result);
    if (written.durable()) break;
    report_trouble([&] {
      return "arrival " + std::to_string(row.seq) + " was handled, but this cannot be written down: " + written.error;
    });
    if (last_attempt) return inbox.release(row.seq);
    wait_for_stop(trouble_pause);
  }
  row.state = result.state;
  row.tries += result.called ? 1 : 0;
  row.error = std::move(result.error);
  if (result.freshness) row.freshness = result.freshness;
  if (options.on_handled) options.on_handled(row);
}

StoreResult Worker::Impl::write_down(std::uint64_t seq, const HandOver& result) noexcept {
  try {
    return inbox.finish(seq, result);
  } catch (...) {  // no memory to ask it with
    return {StoreStatus::failed, 0, caught_text()};
  }
}

void Worker::Impl::wait_for_more(std::uint64_t seen) {
  const auto retry_at = inbox.next_retry_at();
  const auto more = [&] { return wakes != seen || stop_asked; };
  std::unique_lock hold{mutex};
  if (!retry_at) return changed.wait(hold, more);
  const auto until_retry = *retry_at - wall_clock() + milliseconds{1};
  changed.wait_for(hold, std::clamp<milliseconds>(until_retry, milliseconds{1}, retry_check_max), more);
}

// A call that begins meanwhile ends later than those that are looked at, by at least the limit itself.
void Worker::Impl::watch() {
  while (!stopping()) {
    park_overdue();
    const auto now = RunningCalls::Clock::now();
    auto next = calls.next_deadline().value_or(now + bounded(options.handler_time_max));
    if (!let_others_stand_in()) next = std::min(next, now + trouble_pause);
    std::unique_lock hold{mutex};
    changed.wait_until(hold, next, [this] { return stop_asked; });
  }
}

// Each has its stand-in before the next is parked, and before anything that takes time.
void Worker::Impl::park_overdue() {
  while (auto call = calls.park_overdue()) {
    let_others_stand_in();
    call->stop.request_stop();
    report_trouble([&] {
      return "the handler of arrival " + std::to_string(call->seq) + " has run for " +
             std::to_string(options.handler_time_max.count()) +
             " ms: it is asked to stop, and its entity waits until it returns";
    });
  }
}

// False: the system has no thread for it now.
bool Worker::Impl::let_others_stand_in() noexcept {
  try {
    fill_pool();
    return true;
  } catch (...) {
    const std::string why = caught_text();
    report_trouble([&] { return if_new("no thread can stand in for a handler that is out of time: " + why); });
    return false;
  }
}

void Worker::Impl::start_telling() {
  const std::lock_guard hold{mutex};
  gap_teller = std::thread{[this] {
    tell_gaps();
    const std::lock_guard ended{mutex};
    tells_gaps = false;
    changed.notify_all();
  }};
  tells_gaps = true;
}

void Worker::Impl::tell_gaps() {
  while (!stopping()) {
    try {
      while (!stopping() && tell_a_gap()) continue;
      wait_for_stop(gap_check);
    } catch (...) {
      const std::string why = caught_text();
      report_trouble([&] { return "a gap could not be told and will be told again: " + why; });
      wait_for_stop(trouble_pause);
    }
  }
}

bool Worker::Impl::tell_a_gap() {
  const auto gap = inbox.next_gap();
  if (!gap) return false;
  options.on_gap(*gap);
  const StoreResult written = inbox.gap_told(gap->id);
  if (!written.durable()) throw InboxError(written.error);
  return true;
}

bool Worker::Impl::stopping() {
  const std::lock_guard hold{mutex};
  return stop_asked;
}

void Worker::Impl::wait_for_stop(milliseconds pause) {
  std::unique_lock hold{mutex};
  changed.wait_for(hold, pause, [this] { return stop_asked; });
}

// Nothing of one that lasts: it comes again with each try, on every thread.
std::string Worker::Impl::if_new(const std::string& trouble) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard hold{mutex};
  std::erase_if(troubles, [now](const auto& met) { return now - met.second > trouble_quiet; });
  const bool is_new = !troubles.contains(trouble);
  troubles[trouble] = now;
  return is_new ? trouble : std::string{};
}

// Without memory for the words nothing is told: what is told of goes on nevertheless.
template <class Words>
void Worker::Impl::report_trouble(const Words& words) const noexcept {
  if (!options.on_trouble) return;
  try {
    if (const std::string what = words(); !what.empty()) options.on_trouble(what);
  } catch (...) {
    return;
  }
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
  impl_->stop(stop_forever);
}

bool Worker::stop(milliseconds wait_max) {
  return impl_->stop(wait_max);
}

bool Worker::ready() const {
  return impl_->calls.parked() <= impl_->options.parked_max;
}

std::size_t Worker::parked() const {
  return impl_->calls.parked();
}

}  // namespace prospero::webhooks
