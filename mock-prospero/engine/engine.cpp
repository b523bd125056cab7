#include "engine/engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "delivery/virtual_time.hpp"
#include "engine/gate.hpp"
#include "transport/real_clock.hpp"

#include "seeded_fault.hpp"

namespace mock::engine {
namespace {

namespace asio = boost::asio;
using delivery::Duration;
using delivery::NextStep;
using delivery::VirtualClock;
using delivery::VirtualTime;

Duration monotonic() {
  return std::chrono::floor<Duration>(transport::boot_time());
}

// An advance that waits for its turn, or is under way.
struct Advance {
  std::optional<Duration> by;  // empty: to the next due instant
  std::promise<Advanced> done;
};

constexpr Duration keep_again_after = std::chrono::seconds{1};

// What a call waits for. It is told after the turn in which it was made: that all is durable, or why not.
using Answer = std::function<void(std::exception_ptr not_kept)>;

}  // namespace

// Everything but `tasks`, `stopping` and the io_context belongs to the engine's thread. Members are destroyed from last
// to first: the sender before the transport that it uses, that before the io_context whose sockets it has.
struct Engine::Impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};

  std::mutex mutex;
  std::deque<std::function<void()>> tasks;  // under mutex
  bool stopping = false;                    // under mutex
  std::string not_kept;                     // under mutex; why changes cannot be made durable; empty if they can

  std::optional<VirtualClock> virtual_clock;
  transport::RealClock real_clock;
  std::unique_ptr<delivery::Transport> transport;
  Keeping* keeping;
  std::optional<Gate> gate;
  std::optional<VirtualTime> virtual_time;
  transport::BootTimer timer{io};
  std::unique_ptr<delivery::Sender> sender;

  bool drive_posted = false;
  bool resting = false;  // the last keep() failed
  std::uint64_t starts_sent = 0;
  std::function<void(const std::string&)> on_keeping;
  std::vector<Answer> answers;
  std::deque<std::shared_ptr<Advance>> advances;
  std::shared_ptr<Advance> advance;  // under way
  std::vector<std::shared_ptr<std::promise<void>>> idle_waiters;

  std::thread thread;

  delivery::SenderOptions sender_options;
  delivery::Journal* journal = nullptr;

  Impl(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal)
      : real_clock({options.speed, options.not_before}),
        keeping(options.keeping),
        on_keeping(std::move(options.on_keeping)) {
    if (options.virtual_clock) virtual_clock.emplace(options.virtual_start);
    transport = make_transport(io);
    sender_options = std::move(options.sender);
    journal = &make_journal(clock());
    start_over();
    thread = std::thread{[this] { io.run(); }};
  }

  // Results that are still to come for an old sender find it gone, and what was held back is not sent.
  void start_over() {
    sender.reset();
    if (keeping != nullptr) gate.emplace(*transport);
    auto& carrier = gate ? static_cast<delivery::Transport&>(*gate) : *transport;
    if (virtual_clock) virtual_time.emplace(*virtual_clock, carrier, monotonic);
    auto& used = virtual_time ? static_cast<delivery::Transport&>(*virtual_time) : carrier;
    starts_sent = 0;
    sender = std::make_unique<delivery::Sender>(sender_options, clock(), used, *journal, [this] { drive_soon(); });
  }

  const delivery::Clock& clock() const {
    return virtual_clock ? static_cast<const delivery::Clock&>(*virtual_clock) : real_clock;
  }

  void run_tasks() {
    std::deque<std::function<void()>> taken;
    {
      const std::lock_guard lock{mutex};
      taken.swap(tasks);
    }
    for (auto& task : taken) task();
    if (!taken.empty()) turn();
  }

  void drive_soon() {
    if (std::exchange(drive_posted, true)) return;
    asio::post(io, [this] {
      drive_posted = false;
      turn();
    });
  }

  void turn() {
    if (!resting) drive();
    if (keeping == nullptr || keep()) {
      release();
      tell(nullptr);
      tell_idle();
    }
  }

  void release() {
    if (!gate) return;
    starts_sent = sender->starts();
    gate->release();
  }

  void drive() {
    if (virtual_time) {
      drive_virtual();
    } else {
      drive_real();
    }
  }

  bool keep() {
    try {
      keeping->keep();
      if (resting) keep_true_starts();
      say_not_kept({});
      if (std::exchange(resting, false)) drive_soon();
      return true;
    } catch (const std::exception& error) {
      say_not_kept(error.what());
      resting = true;
      tell(std::make_exception_ptr(NotKept{error.what()}));
      give_up_advances(NotKept{error.what()});
      wait(keep_again_after);
      return false;
    }
  }

  // What was started before the rest is sent after it, and begins then; the durable start must be that one.
  void keep_true_starts() {
    sender->restart_after(starts_sent);
    keeping->keep();
  }

  // The advance under way goes on when changes can be made durable again, but nobody waits that long for it.
  void give_up_advances(const NotKept& why) {
    for (const auto& one : std::exchange(advances, {})) one->done.set_exception(std::make_exception_ptr(why));
    if (advance) std::exchange(advance, std::make_shared<Advance>())->done.set_exception(std::make_exception_ptr(why));
  }

  void say_not_kept(const std::string& why) {
    {
      const std::lock_guard lock{mutex};
      if (not_kept == why) return;
      not_kept = why;
    }
    on_keeping(why);
  }

  void tell(const std::exception_ptr& why_not) {
    for (const auto& answer : std::exchange(answers, {})) answer(why_not);
  }

  void wait(Duration at_most) {
    timer.wait(at_most, [this] { turn(); });
  }

  void drive_real() {
    sender->pump();
    const auto due = sender->next_due();
    if (due && !PROSPERO_FAULT(G7_a_retry_is_skipped_on_the_real_clock)) {
      wait(real_clock.until(*due));
    } else {
      timer.cancel();
    }
  }

  void drive_virtual() {
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

  void finish_advance() {
    answers.emplace_back([done = std::exchange(advance, nullptr),
                          advanced = Advanced{clock().now(), virtual_time->attempts()}](std::exception_ptr why_not) {
      if (why_not) {
        done->done.set_exception(std::move(why_not));
      } else {
        done->done.set_value(advanced);
      }
    });
  }

  void begin_advance() {
    advance = std::move(advances.front());
    advances.pop_front();
    if (advance->by) {
      virtual_time->advance_by(*advance->by);
    } else {
      virtual_time->advance_to_next();
    }
  }

  void tell_idle() {
    if (idle_waiters.empty() || advance || !sender->quiet_until(clock().now())) return;
    for (const auto& waiter : std::exchange(idle_waiters, {})) waiter->set_value();
  }

  void stop() {
    {
      const std::lock_guard lock{mutex};
      stopping = true;
    }
    io.stop();
    if (thread.joinable()) thread.join();
    // Throwing these away breaks the promises that others wait for.
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
};

Engine::Engine(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal)
    : impl_(std::make_unique<Impl>(std::move(options), make_transport, make_journal)) {}

Engine::~Engine() {
  stop();
}

void Engine::post(std::function<void()> task) {
  {
    const std::lock_guard lock{impl_->mutex};
    if (impl_->stopping) throw Stopped{};
    impl_->tasks.push_back(std::move(task));
  }
  asio::post(impl_->io, [impl = impl_.get()] { impl->run_tasks(); });
}

void Engine::run(std::function<void()> task) {
  auto promise = std::make_shared<std::promise<void>>();
  auto done = promise->get_future();
  post([impl = impl_.get(), task = std::move(task), promise = std::exchange(promise, nullptr)]() mutable {
    const auto changes = [&] { return impl->keeping != nullptr ? impl->keeping->changes() : 0; };
    const auto before = changes();
    task();
    const bool changed = changes() != before;
    impl->answers.emplace_back([changed, promise = std::move(promise)](std::exception_ptr why_not) {
      if (why_not && changed) {
        promise->set_exception(std::move(why_not));
      } else {
        promise->set_value();
      }
    });
  });
  wait_for(done);
}

bool Engine::virtual_clock() const noexcept {
  return impl_->virtual_clock.has_value();
}

void Engine::require_keeping() const {
  const std::lock_guard lock{impl_->mutex};
  if (!impl_->not_kept.empty()) throw NotKept{impl_->not_kept};
}

Advanced Engine::advance(std::optional<delivery::Duration> by) {
  if (!virtual_clock()) throw std::logic_error{"only a virtual clock advances"};
  auto wish = std::make_shared<Advance>();
  wish->by = by;
  auto done = wish->done.get_future();
  post([this, wish = std::exchange(wish, nullptr)] { impl_->advances.push_back(wish); });
  return wait_for(done);
}

Advanced Engine::advance_by(delivery::Duration by) {
  if (by < delivery::Duration::zero()) throw std::logic_error{"a clock advances forward only"};
  return advance(by);
}

Advanced Engine::advance_to_next() {
  return advance(std::nullopt);
}

bool Engine::wait_idle(std::chrono::milliseconds timeout) {
  auto waiter = std::make_shared<std::promise<void>>();
  const auto* key = waiter.get();
  auto idle = waiter->get_future();
  post([this, waiter = std::exchange(waiter, nullptr)] { impl_->idle_waiters.push_back(waiter); });
  if (idle.wait_for(timeout) == std::future_status::timeout) {
    post([this, key] { std::erase_if(impl_->idle_waiters, [&](const auto& one) { return one.get() == key; }); });
    return false;
  }
  wait_for(idle);
  return true;
}

delivery::Sender& Engine::sender() noexcept {
  return *impl_->sender;
}

const delivery::Clock& Engine::clock() const noexcept {
  return impl_->clock();
}

void Engine::start_over() {
  impl_->start_over();
}

void Engine::stop() {
  impl_->stop();
}

}  // namespace mock::engine
