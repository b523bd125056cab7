#include "engine/engine_impl.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "seeded_fault.hpp"

namespace mock::engine {
namespace {

namespace asio = boost::asio;
using delivery::Duration;
using delivery::NextStep;

constexpr Duration keep_again_after = std::chrono::seconds{1};

Duration monotonic() {
  return std::chrono::floor<Duration>(transport::boot_time());
}

}  // namespace

Engine::Impl::Impl(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal)
    : real_clock({options.speed, options.not_before}),
      keeping(options.keeping),
      on_keeping(std::move(options.on_keeping)) {
  if (options.virtual_clock) virtual_clock.emplace(options.virtual_start);
  transport = make_transport(io);
  if (keeping != nullptr) {
    commit.emplace(io, *keeping,
                   GroupCommit::Listener{[this](const auto& why_not) { on_group(why_not); }, [this] { turn(); }});
  }
  sender_options = std::move(options.sender);
  journal = &make_journal(clock());
  start_over();
  thread = std::thread{[this] { io.run(); }};
}

// Results that are still to come for an old sender find it gone, and what was held back is not sent.
void Engine::Impl::start_over() {
  sender.reset();
  if (keeping != nullptr) gate.emplace(*transport);
  group.held = 0;
  group.starts = 0;
  auto& carrier = gate ? static_cast<delivery::Transport&>(*gate) : *transport;
  if (virtual_clock) virtual_time.emplace(*virtual_clock, carrier, [this] { return monotonic() - stood; });
  auto& used = virtual_time ? static_cast<delivery::Transport&>(*virtual_time) : carrier;
  starts_sent = 0;
  sender = std::make_unique<delivery::Sender>(sender_options, clock(), used, *journal, [this] { drive_soon(); });
}

const delivery::Clock& Engine::Impl::clock() const {
  return virtual_clock ? static_cast<const delivery::Clock&>(*virtual_clock) : real_clock;
}

void Engine::Impl::run_tasks() {
  std::deque<std::function<void()>> taken;
  {
    const std::lock_guard lock{mutex};
    taken.swap(tasks);
  }
  for (auto& task : taken) task();
  if (!taken.empty()) turn();
}

void Engine::Impl::drive_soon() {
  if (std::exchange(drive_posted, true)) return;
  asio::post(io, [this] {
    drive_posted = false;
    turn();
  });
}

void Engine::Impl::turn() {
  if (may_drive()) drive();
  keep();
}

// The virtual clock stands still while the disk works, so that this is part of no attempt (G6).
bool Engine::Impl::may_drive() const {
  return !resting && !(virtual_time && commit && commit->under_way());
}

// Nothing leaves before it is durable. What changes while a group is under way waits for the next one.
void Engine::Impl::keep() {
  if (commit && (commit->under_way() || (!virtual_time && commit->gathers()))) return;
  if (commit && commit->begin()) {
    group = {gate->held(), answers.size(), sender->starts()};
    if (!stands_since) stands_since = monotonic();
    return;
  }
  if (gate) release(gate->held(), sender->starts());
  tell(answers.size(), std::nullopt);
  tell_idle();
}

void Engine::Impl::on_group(const WhyNot& why_not) {
  if (why_not) return rest(*why_not);
  stood += monotonic() - *std::exchange(stands_since, std::nullopt);
  say_not_kept({});
  if (std::exchange(resting, false)) {
    // What was started before the rest is sent after it, and begins then; the durable start must be that one.
    sender->restart_after(starts_sent);
  } else {
    release(group.held, group.starts);
  }
  tell(group.answers, std::nullopt);
  turn();
}

void Engine::Impl::rest(const std::string& why) {
  say_not_kept(why);
  resting = true;
  tell(answers.size(), why);
  give_up_advances(why);
  wait(keep_again_after);
}

void Engine::Impl::release(std::size_t held, std::uint64_t starts) {
  starts_sent = starts;
  gate->release(held);
}

void Engine::Impl::drive() {
  if (virtual_time) {
    drive_virtual();
  } else {
    drive_real();
  }
}

// The advance under way goes on when changes can be made durable again, but nobody waits that long for it.
void Engine::Impl::give_up_advances(const std::string& why) {
  for (const auto& one : std::exchange(advances, {})) one->done.set_value({{}, why});
  if (advance) std::exchange(advance, std::make_shared<Advance>())->done.set_value({{}, why});
}

void Engine::Impl::cut_advances_short() {
  if (!virtual_time) return;
  const Advanced so_far{clock().now(), advance ? virtual_time->attempts() : 0, true};
  if (advance) std::exchange(advance, nullptr)->done.set_value({so_far, std::nullopt});
  for (const auto& one : std::exchange(advances, {})) one->done.set_value({so_far, std::nullopt});
}

void Engine::Impl::say_not_kept(const std::string& why) {
  {
    const std::lock_guard lock{mutex};
    if (not_kept == why) return;
    not_kept = why;
  }
  on_keeping(why);
}

void Engine::Impl::tell(std::size_t count, const WhyNot& why_not) {
  for (; count > 0; --count) {
    const auto answer = std::move(answers.front());
    answers.pop_front();
    answer(why_not);
  }
}

void Engine::Impl::wait(Duration at_most) {
  timer.wait(at_most, [this] { turn(); });
}

void Engine::Impl::drive_real() {
  sender->pump();
  const auto due = sender->next_due();
  if (due && !PROSPERO_FAULT(G7_a_retry_is_skipped_on_the_real_clock)) {
    wait(real_clock.until(*due));
  } else {
    timer.cancel();
  }
}

void Engine::Impl::drive_virtual() {
  for (;;) {
    if (!advance && !advances.empty()) begin_advance();
    const auto next = virtual_time->step(*sender);
    switch (next.kind) {
      case NextStep::Kind::finished:
        timer.cancel();
        if (!advance) return;
        finish_advance();
        break;
      case NextStep::Kind::wait_for_end:
        timer.cancel();
        return;
      case NextStep::Kind::wait_at_most:
        wait(next.at_most);
        return;
    }
  }
}

void Engine::Impl::finish_advance() {
  answers.emplace_back([done = std::exchange(advance, nullptr),
                        advanced = Advanced{clock().now(), virtual_time->attempts(), false}](const WhyNot& why_not) {
    done->done.set_value({advanced, why_not});
  });
}

void Engine::Impl::begin_advance() {
  advance = std::move(advances.front());
  advances.pop_front();
  if (advance->by) {
    virtual_time->advance_by(*advance->by);
  } else {
    virtual_time->advance_to_next();
  }
}

bool Engine::Impl::is_idle() const {
  return !advance && sender->quiet_until(clock().now());
}

void Engine::Impl::tell_idle() {
  if (idle_waiters.empty() || !is_idle()) return;
  for (const auto& waiter : std::exchange(idle_waiters, {})) waiter->set_value();
}

void Engine::Impl::stop() {
  {
    const std::lock_guard lock{mutex};
    stopping = true;
  }
  io.stop();
  const bool ran = thread.joinable();
  if (ran) thread.join();
  send_all_away();
  if (ran && commit) commit->finish();
}

// Throwing these away breaks the promises that others wait for; that need not wait for the disk.
void Engine::Impl::send_all_away() {
  std::deque<std::function<void()>> unheard;
  {
    const std::lock_guard lock{mutex};
    unheard.swap(tasks);
  }
  answers.clear();
  advances.clear();
  advance.reset();
  idle_waiters.clear();
}

}  // namespace mock::engine
