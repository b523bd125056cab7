#include "engine/engine.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "delivery/virtual_time.hpp"
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

}  // namespace

// Everything but `tasks`, `stopping` and the io_context belongs to the engine's thread. Members are destroyed from last
// to first: the sender before the transport that it uses, that before the io_context whose sockets it has.
struct Engine::Impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};

  std::mutex mutex;
  std::deque<std::function<void()>> tasks;  // under mutex
  bool stopping = false;                    // under mutex

  std::optional<VirtualClock> virtual_clock;
  transport::RealClock real_clock;
  std::unique_ptr<delivery::Transport> transport;
  std::optional<VirtualTime> virtual_time;
  transport::BootTimer timer{io};
  std::unique_ptr<delivery::Sender> sender;

  bool drive_posted = false;
  std::deque<std::shared_ptr<Advance>> advances;
  std::shared_ptr<Advance> advance;  // under way
  std::vector<std::shared_ptr<std::promise<void>>> idle_waiters;

  std::thread thread;

  Impl(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal) {
    if (options.virtual_clock) virtual_clock.emplace(options.virtual_start);
    transport = make_transport(io);
    if (virtual_clock) virtual_time.emplace(*virtual_clock, *transport, monotonic);
    auto& used = virtual_time ? static_cast<delivery::Transport&>(*virtual_time) : *transport;
    sender = std::make_unique<delivery::Sender>(std::move(options.sender), clock(), used, make_journal(clock()),
                                                [this] { drive_soon(); });
    thread = std::thread{[this] { io.run(); }};
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
    if (!taken.empty()) drive();
  }

  void drive_soon() {
    if (std::exchange(drive_posted, true)) return;
    asio::post(io, [this] {
      drive_posted = false;
      drive();
    });
  }

  void drive() {
    if (virtual_time) {
      drive_virtual();
    } else {
      drive_real();
    }
    tell_idle();
  }

  void wait(Duration at_most) {
    timer.wait(at_most, [this] { drive(); });
  }

  void drive_real() {
    sender->pump();
    const auto due = sender->next_due();
    if (due && !PROSPERO_FAULT(G7_a_retry_is_skipped_on_the_real_clock)) {
      wait(*due - clock().now());
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
          std::exchange(advance, nullptr)->done.set_value({clock().now(), virtual_time->attempts()});
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
  post([task = std::move(task), promise = std::exchange(promise, nullptr)] {
    task();
    promise->set_value();
  });
  wait_for(done);
}

bool Engine::virtual_clock() const noexcept {
  return impl_->virtual_clock.has_value();
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

void Engine::stop() {
  impl_->stop();
}

}  // namespace mock::engine
