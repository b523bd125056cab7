#include "api/conformance_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "api/exchange.hpp"
#include "conformance/report_html.hpp"
#include "conformance/run.hpp"
#include "world/refused.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using world::Refusal;
using world::Refused;

constexpr auto end_patience = std::chrono::seconds(5);

delivery::Instant now() {
  return std::chrono::time_point_cast<delivery::Instant::duration>(std::chrono::system_clock::now());
}

bool is_running(const ConformanceRun& run) {
  return run.state == RunState::running;
}

PreparedRun prepared(const Suite& suite, const SuiteWish& wish) {
  try {
    auto ready = suite.prepare(wish);
    if (conformance::cases_to_run(ready.plan) > 0) return ready;
  } catch (const conformance::UnmatchedFilter& unmatched) {
    throw Refused{Refusal::invalid,
                  fmt::format("'{}': no case, clause or clause letter has the name '{}'; the nearest is {}",
                              unmatched.in_only ? "only" : "skip", unmatched.typed, unmatched.nearest)};
  } catch (const std::invalid_argument& refused) {
    throw Refused{Refusal::invalid, refused.what()};
  }
  throw Refused{Refusal::invalid, "'skip' leaves out every case that 'only' selects"};
}

void join(std::vector<std::thread> threads) {
  for (auto& thread : threads) thread.join();
}

}  // namespace

ConformanceRuns::ConformanceRuns(const Suite& suite, ChangeFeed& feed, std::uint64_t seed)
    : suite_(suite), feed_(feed), random_(seed), ids_(random_) {}

ConformanceRuns::~ConformanceRuns() {
  close();
}

void ConformanceRuns::require_room_for(const std::string& webhook_id) const {
  if (closed_) throw Error{503, "the server is stopping"};
  const auto running = std::ranges::count_if(runs_, [](const auto& run) { return is_running(*run); });
  if (std::ranges::any_of(runs_, [&](const auto& run) { return is_running(*run) && run->webhook_id == webhook_id; })) {
    throw Refused{Refusal::conflict, "a run against this webhook is under way: wait for its end, or stop it"};
  }
  if (static_cast<std::size_t>(running) >= runs_at_once_max) {
    throw Refused{Refusal::conflict,
                  fmt::format("{} runs are under way, which is as many as can be judged at once", runs_at_once_max)};
  }
}

// Returns the threads of runs that have ended, to be joined without the lock.
std::vector<std::thread> ConformanceRuns::add(RunPtr run) {
  std::vector<std::thread> ended;
  for (const auto& one : runs_) {
    if (!is_running(*one) && one->thread.joinable()) ended.push_back(std::move(one->thread));
  }
  if (runs_.size() >= runs_kept) {
    runs_.erase(std::ranges::find_if(runs_, [](const auto& one) { return !is_running(*one); }));
  }
  runs_.push_back(std::move(run));
  return ended;
}

json::object ConformanceRuns::start(const std::string& webhook_id, const SuiteWish& wish) {
  auto ready = prepared(suite_, wish);
  std::unique_lock lock{mutex_};
  require_room_for(webhook_id);
  const auto at = now();
  const auto run = std::make_shared<ConformanceRun>(ids_.next(at), webhook_id, std::move(ready), at);
  run->thread = std::thread{[this, run] { execute(*run); }};  // what it tells waits for the lock
  auto ended = add(run);
  const auto shown = run_json(*run);
  tell(shown);
  lock.unlock();
  join(std::move(ended));
  return shown;
}

void ConformanceRuns::execute(ConformanceRun& run) {
  const auto progress = [&](const conformance::CaseResult& result) { change(run, [&] { note(run, result); }); };
  const auto stop_wished = [&] { return run.stop_wished.load(); };
  try {
    auto report = suite_.run(run.prepared.plan, progress, stop_wished);
    change(run, [&] { finish(run, std::move(report), now()); });
  } catch (const std::exception& error) {
    change(run, [&] { fail(run, error.what(), now()); });
  }
}

// The feed is told before anyone who waits for the end goes on.
template <class Change>
void ConformanceRuns::change(ConformanceRun& run, Change apply) {
  {
    const std::lock_guard lock{mutex_};
    apply();
    tell(run_json(run));
  }
  ended_.notify_all();
}

void ConformanceRuns::tell(const json::object& shown) {
  if (feed_.wanted()) feed_.publish("conformance", json::serialize(shown));
}

json::object ConformanceRuns::list(const std::optional<std::string>& webhook_id) const {
  json::array items;
  const std::lock_guard lock{mutex_};
  for (auto run = runs_.rbegin(); run != runs_.rend(); ++run) {
    if (!webhook_id || (*run)->webhook_id == *webhook_id) items.emplace_back(run_json(**run));
  }
  return {{"items", std::move(items)}, {"next", nullptr}};
}

ConformanceRuns::RunPtr ConformanceRuns::find(const std::string& id) const {
  const auto found = std::ranges::find_if(runs_, [&](const auto& run) { return run->id == id; });
  if (found == runs_.end()) throw Refused{Refusal::unknown, "no such run of the conformance suite"};
  return *found;
}

json::object ConformanceRuns::show(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  return run_with_report_json(*find(id));
}

std::string ConformanceRuns::html(const std::string& id) const {
  std::unique_lock lock{mutex_};
  const auto run = find(id);
  const auto report = run->report;
  lock.unlock();
  return conformance::html_report(report, run->prepared.context);
}

json::object ConformanceRuns::stop(const std::string& id) {
  std::unique_lock lock{mutex_};
  const auto run = find(id);
  run->stop_wished = true;
  ended_.wait_for(lock, end_patience, [&] { return !is_running(*run); });
  return run_json(*run);
}

void ConformanceRuns::forget() {
  std::unique_lock lock{mutex_};
  const auto forgotten = std::exchange(runs_, {});
  lock.unlock();
  for (const auto& run : forgotten) run->stop_wished = true;
  for (const auto& run : forgotten) {
    if (run->thread.joinable()) run->thread.join();
  }
}

void ConformanceRuns::close() {
  std::unique_lock lock{mutex_};
  closed_ = true;
  std::vector<std::thread> threads;
  for (const auto& run : runs_) {
    run->stop_wished = true;
    if (run->thread.joinable()) threads.push_back(std::move(run->thread));
  }
  lock.unlock();
  join(std::move(threads));
}

}  // namespace mock::api
