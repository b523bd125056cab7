#include "simulation/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "contract/values.hpp"
#include "simulation/network.hpp"
#include "simulation/process.hpp"
#include "simulation/store.hpp"
#include "simulation/timeline.hpp"
#include "world/refused.hpp"

namespace mock::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Instant wall_at_start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
constexpr int calm_steps_max = 200'000;  // far beyond what any run needs

class Simulation {
 public:
  explicit Simulation(std::uint64_t seed)
      : random_(seed),
        plan_(draw_plan(random_)),
        network_(plan_, random_, timeline_, history_),
        store_(timeline_, history_) {}

  void go() {
    boot();
    guarded([&] { register_all(); });
    for (int i = 0; i < plan_.operations; ++i) {
      live_until(timeline_.now() + pause());
      if (network_.asleep()) live_until(network_.asleep_until());
      operate();
    }
    live_until(timeline_.now() + pause());
    come_to_rest();
  }

  Run result(std::uint64_t seed) && {
    auto violations = check(history_, plan_);
    return {seed, plan_, std::move(history_), std::move(violations)};
  }

 private:
  template <class F>
  void guarded(F f) {
    if (!process_) return;
    try {
      f();
      store_.seal();
      process_->drive();
      if (!random_.chance(plan_.lazy_sync_permille)) store_.sync();
    } catch (const Crash&) {
      crash();
    }
  }

  void boot();
  void boot_when_awake();
  void crash();
  void live_until(Duration until);
  void come_to_rest();
  Duration pause();

  void operate();
  void stop_the_sender();
  void step_the_wall_clock();
  void suspend();
  void register_all();
  void register_one(const std::string& organization, const std::string& url);
  void order(Entry::Kind kind);
  void enable_again(const std::string& id);
  void fire(int count, const std::string& owner, const std::string& name);
  void advance();
  void interrupt();
  std::string organization() {
    return "org" + std::to_string(random_.below(static_cast<std::size_t>(plan_.organizations)));
  }
  std::string url() {
    return fmt::format("https://c{}.example/hook", random_.below(static_cast<std::size_t>(plan_.webhooks)));
  }
  std::string event() { return std::string{contract::webhook_events[random_.below(contract::webhook_events.size())]}; }

  Random random_;
  Plan plan_;
  Timeline timeline_;
  History history_;
  Network network_;
  Store store_;
  std::unique_ptr<Process> process_;
  bool booting_ = false;
  Duration wall_offset_{};
  int ids_ = 0;
};

void Simulation::boot() {
  booting_ = false;
  const auto wall = wall_at_start + timeline_.now() + wall_offset_;
  const auto start = plan_.virtual_clock ? std::max(store_.image().clock, wall_at_start) : wall;
  process_ = std::make_unique<Process>(plan_, timeline_, network_, store_, start);
  guarded([&] { process_->restore(); });
}

void Simulation::crash() {
  process_.reset();
  network_.forget_sender();
  store_.crash(random_.below(store_.unsynced() + 1));
  booting_ = true;
  timeline_.at(timeline_.now() + (random_.chance(600) ? random_.between(1us, 60s) : random_.between(1us, 10h)),
               [this] { boot_when_awake(); });
}

void Simulation::boot_when_awake() {
  if (!booting_) return;
  if (!network_.asleep()) return boot();
  timeline_.at(network_.asleep_until(), [this] { boot_when_awake(); });
}

void Simulation::live_until(Duration until) {
  while (timeline_.step(until)) {
    if (!network_.asleep()) guarded([] {});
  }
}

void Simulation::come_to_rest() {
  if (network_.asleep()) live_until(network_.asleep_until());
  network_.calm_down();
  store_.crash_at_opportunity(0);
  live_until(timeline_.now() + Duration{1});  // no attempt is made again at the instant at which it began
  if (!process_) boot();
  store_.note(Entry::Kind::calm);
  for (int i = 0; i < calm_steps_max; ++i) {
    if (!timeline_.step()) {
      if (!process_->sender().next_due()) return;
      if (!plan_.virtual_clock) break;
      process_->advance_to_next();
    }
    guarded([] {});
  }
  history_.came_to_rest = false;
}

Duration Simulation::pause() {
  switch (random_.between(0, 6)) {
    case 0:
      return 0s;
    case 1:
    case 2:
      return random_.between(0s, 3s);
    case 3:
      return random_.between(0s, 90s);
    case 4:
      return random_.between(0s, 70min);
    case 5:
      return 1min;
    default:
      return random_.between(0s, 7h);
  }
}

void Simulation::operate() {
  int roll = random_.between(0, 999);
  const auto& rates = plan_.operation;
  const auto falls_to = [&roll](int rate) { return (roll -= rate) < 0; };
  if (falls_to(rates.mood)) return network_.set_mood(url(), static_cast<Mood>(random_.between(0, moods - 1)));
  if (falls_to(rates.crash)) return stop_the_sender();
  if (falls_to(rates.wall_step)) return step_the_wall_clock();
  if (falls_to(rates.suspend)) return suspend();
  guarded([&] {
    if (falls_to(rates.bulk)) return fire(random_.between(2, 30), organization(), event());
    if (falls_to(rates.disable)) return order(Entry::Kind::disable);
    if (falls_to(rates.enable)) return order(Entry::Kind::enable);
    if (falls_to(rates.remove)) return order(Entry::Kind::remove);
    if (falls_to(rates.register_one)) return register_one(organization(), url());
    if (falls_to(rates.interrupt)) return interrupt();
    if (plan_.virtual_clock && random_.chance(400)) return advance();
    fire(1, organization(), event());
  });
}

void Simulation::stop_the_sender() {
  if (!process_) return;
  if (random_.chance(300)) return crash();
  store_.crash_at_opportunity(random_.between(1, 12));
}

void Simulation::step_the_wall_clock() {
  wall_offset_ += random_.between(Duration{0}, Duration{6h}) - Duration{3h};
  store_.note(Entry::Kind::wall_step);
}

void Simulation::suspend() {
  network_.sleep_until(timeline_.now() + (random_.chance(500) ? random_.between(0s, 10s) : random_.between(0s, 8h)));
  store_.note(Entry::Kind::suspended);
  timeline_.at(network_.asleep_until(), [this] { store_.note(Entry::Kind::woke); });
}

void Simulation::register_all() {
  for (int i = 0; i < plan_.webhooks; ++i) register_one(organization(), fmt::format("https://c{}.example/hook", i));
}

/// Refused if the organization has that URL (G3).
void Simulation::register_one(const std::string& organization, const std::string& url) {
  std::vector<std::string> events;
  const bool all = random_.chance(500);
  for (const auto name : contract::webhook_events) {
    if (all || random_.chance(300)) events.emplace_back(name);
  }
  if (events.empty()) events.push_back(event());
  try {
    const auto webhook = process_->registry().add({fmt::format("w{}", ++ids_), organization, url, url, events, false});
    store_.registered(webhook);
    process_->sender().add_webhook(webhook.id, webhook.url);
  } catch (const world::Refused&) {
    return;  // as an operator is told
  }
}

void Simulation::order(Entry::Kind kind) {
  const auto& known = process_->registry().all();
  if (known.empty()) return;
  const auto chosen = known[random_.below(known.size())];
  const auto& id = chosen.id;
  auto& sender = process_->sender();
  if (random_.chance(500)) {  // with attempts under way
    fire(random_.between(1, 3), chosen.org_id, chosen.events.front());
    process_->drive();
  }
  if (kind == Entry::Kind::remove) {
    process_->registry().remove(id);
    store_.removed(id);
    return sender.remove(id);
  }
  store_.note(kind, store_.webhook_number(id));
  if (kind == Entry::Kind::enable) return sender.enable(id);
  sender.disable(id);
  if (random_.chance(400)) enable_again(id);
}

/// Soon, while attempts of the older epoch may be under way (G1).
void Simulation::enable_again(const std::string& id) {
  const auto soon = [this] { return timeline_.now() + random_.between(0s, random_.chance(500) ? 200ms : 4s); };
  timeline_.at(soon(), [this, id, soon] {
    if (!process_ || network_.asleep()) return;
    const auto& known = process_->registry().all();
    if (std::none_of(known.begin(), known.end(), [&](const registry::Webhook& one) { return one.id == id; })) return;
    guarded([&] {
      store_.note(Entry::Kind::enable, store_.webhook_number(id));
      process_->sender().enable(id);
    });
    if (plan_.operation.crash == 0 || random_.chance(500)) return;
    timeline_.at(soon(), [this] {
      if (process_ && !network_.asleep()) crash();
    });
  });
}

void Simulation::fire(int count, const std::string& owner, const std::string& name) {
  for (int i = 0; i < count; ++i) {
    const auto listeners = process_->registry().listeners(owner, name);
    const auto change = store_.fired(owner, name);
    const auto body = std::make_shared<const std::string>(body_of(change, name));
    for (const auto& webhook : listeners) {
      // Ids whose order is not that of their creation.
      process_->sender().enqueue(
          {fmt::format("{:04x}-{}", random_.below(65'536), ++ids_), webhook, name, {}, body, {}});
    }
  }
}

void Simulation::advance() {
  if (process_->advancing()) return;
  if (random_.chance(400)) return process_->advance_to_next();
  process_->advance_by(pause());
}

/// Gives up the attempt that began last. Not at the instant of its beginning: receipts are told apart by that.
void Simulation::interrupt() {
  std::set<Number> seen;
  for (auto at = history_.entries.rbegin(); at != history_.entries.rend(); ++at) {
    if (at->kind != Entry::Kind::delivery || !seen.insert(at->subject).second) continue;
    const bool under_way = at->delivery.attempts > 0 && !at->delivery.last.ended_at;
    if (under_way && at->at < timeline_.now()) return process_->sender().interrupt(history_.deliveries[at->subject].id);
  }
}

}  // namespace

Run carry_out(std::uint64_t seed) {
  Simulation simulation(seed);
  simulation.go();
  return std::move(simulation).result(seed);
}

}  // namespace mock::simulation
