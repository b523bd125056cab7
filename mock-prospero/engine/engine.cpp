#include "engine/engine.hpp"

#include <boost/asio/post.hpp>
#include <mutex>
#include <utility>

#include "engine/engine_impl.hpp"

namespace mock::engine {

namespace asio = boost::asio;

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
  auto promise = std::make_shared<std::promise<WhyNot>>();
  auto done = promise->get_future();
  post([impl = impl_.get(), task = std::move(task), promise = std::exchange(promise, nullptr)]() mutable {
    const auto changes = [&] { return impl->keeping != nullptr ? impl->keeping->changes() : 0; };
    const auto before = changes();
    task();
    const bool changed = changes() != before;
    impl->answers.emplace_back([changed, promise = std::move(promise)](const WhyNot& why_not) {
      promise->set_value(changed ? why_not : std::nullopt);
    });
  });
  if (const auto why_not = wait_for(done)) throw NotKept{*why_not};
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
  const auto [advanced, why_not] = wait_for(done);
  if (why_not) throw NotKept{*why_not};
  return advanced;
}

Advanced Engine::advance_by(delivery::Duration by) {
  if (by < delivery::Duration::zero()) throw std::logic_error{"a clock advances forward only"};
  return advance(by);
}

Advanced Engine::advance_to_next() {
  return advance(std::nullopt);
}

bool Engine::is_idle() {
  auto promise = std::make_shared<std::promise<bool>>();
  auto idle = promise->get_future();
  post([this, promise = std::exchange(promise, nullptr)] {
    promise->set_value(impl_->is_idle() && !(impl_->commit && impl_->commit->under_way()));
  });
  return wait_for(idle);
}

bool Engine::wait_idle(std::chrono::milliseconds timeout) {
  if (timeout == timeout.zero()) return is_idle();
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
  impl_->cut_advances_short();
  impl_->start_over();
}

void Engine::stop() {
  impl_->stop();
}

}  // namespace mock::engine
