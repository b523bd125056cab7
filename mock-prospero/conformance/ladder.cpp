#include "conformance/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "contract/values.hpp"
#include "delivery/sender.hpp"
#include "delivery/virtual_time.hpp"

namespace mock::conformance {
namespace {

using delivery::Duration;
using delivery::NextStep;

constexpr Duration patience = std::chrono::seconds(30);  // far over the 5 s of an attempt
const delivery::WebhookId only_webhook = "consumer";
constexpr delivery::Instant start_of_time = std::chrono::sys_days{std::chrono::year{2026} / 1 / 5};

delivery::SenderOptions never_disabling() {
  auto options = delivery::contract_defaults();
  options.disable_after = 0;
  return options;
}

class NoJournal : public delivery::Journal {
 public:
  void delivery_changed(std::size_t, const delivery::Delivery&) override {}
  void webhook_changed(const delivery::WebhookId&) override {}
};

// Sends to where the consumer is now, and counts its answers. Its count outlives it: an answer may still come.
class CountingTransport : public delivery::Transport {
 public:
  explicit CountingTransport(const Access& access) : access_(access) {}

  void post(delivery::Push push, Done done) override {
    push.url = access_.process->url();
    ++attempts;
    access_.transport.post(std::move(push),
                           [answers = answers, done = std::move(done)](delivery::AttemptResult result) {
                             *answers += result.outcome == delivery::Outcome::ok ? 1u : 0u;
                             done(std::move(result));
                           });
  }

  std::shared_ptr<std::size_t> answers = std::make_shared<std::size_t>(0);
  std::size_t attempts = 0;

 private:
  const Access& access_;
};

}  // namespace

struct Ladder::Impl {
  explicit Impl(Access given)
      : access(given),
        transport(access),
        time(clock, transport, [this] { return access.loop.now(); }),
        sender(never_disabling(), clock, time, journal, [this] { woken = true; }) {
    sender.add_webhook(only_webhook, access.process->url());
  }

  bool run(const std::optional<Killing>& killing) {
    *transport.answers = 0;
    std::optional<Duration> kill_at;
    bool killed = false;
    for (auto next = time.step(sender); next.kind != NextStep::Kind::finished || (kill_at && !killed);
         next = time.step(sender)) {
      if (killing && !kill_at && *transport.answers >= killing->after_answers) {
        kill_at = access.loop.now() + killing->then;
      }
      if (kill_at && !killed && access.loop.now() >= *kill_at) {
        note_own_end();
        access.process->kill();
        killed = true;
        continue;
      }
      wait(next, killed ? std::nullopt : kill_at);
    }
    if (!killed) note_own_end();
    return killed;
  }

  // A kill would cover it up: what ended by itself is started again like what was killed.
  void note_own_end() {
    if (!own_end) own_end = access.process->ended();
  }

  void wait(const NextStep& next, const std::optional<Duration>& kill_at) {
    auto limit = next.kind == NextStep::Kind::wait_at_most ? next.at_most : patience;
    if (kill_at) limit = std::clamp(*kill_at - access.loop.now(), Duration{1}, limit);
    const bool finished = next.kind == NextStep::Kind::finished;
    access.loop.run_until([&] { return !finished && std::exchange(woken, false); }, limit);
    if (access.loop.interrupted()) throw Interrupted{};
  }

  std::size_t count(delivery::State state) const {
    const auto& all = sender.deliveries();
    std::size_t found = 0;
    for (std::size_t number = 0; number < all.size(); ++number) found += all.glance(number).state == state ? 1U : 0U;
    return found;
  }

  Access access;
  delivery::VirtualClock clock{start_of_time};
  CountingTransport transport;
  delivery::VirtualTime time;
  NoJournal journal;
  bool woken = false;
  std::optional<std::string> own_end;
  std::size_t added = 0;
  delivery::Sender sender;
};

Ladder::Ladder(Access access) : impl_(std::make_unique<Impl>(access)) {}
Ladder::~Ladder() = default;

void Ladder::add(std::string body) {
  delivery::NewDelivery next;
  next.id = fmt::format("{:06}", impl_->added++);
  next.webhook_id = only_webhook;
  next.body = std::make_shared<const std::string>(std::move(body));
  impl_->sender.enqueue(std::move(next));
}

bool Ladder::run_wave(const std::optional<Killing>& killing) {
  return impl_->run(killing);
}

bool Ladder::run_retries(std::size_t retry, const std::optional<Killing>& killing) {
  impl_->time.advance_by(contract::retry_delays.at(retry));
  return impl_->run(killing);
}

const std::optional<std::string>& Ladder::own_end() const {
  return impl_->own_end;
}

std::size_t Ladder::waiting() const {
  return impl_->count(delivery::State::pending);
}

std::vector<std::string> Ladder::delivered() const {
  const auto& all = impl_->sender.deliveries();
  std::vector<std::string> bodies;
  for (std::size_t number = 0; number < all.size(); ++number) {
    if (all.glance(number).state == delivery::State::delivered) bodies.push_back(*all.at(number).body);
  }
  return bodies;
}

std::size_t Ladder::lost() const {
  return impl_->count(delivery::State::abandoned);
}

std::size_t Ladder::attempts() const {
  return impl_->transport.attempts;
}

}  // namespace mock::conformance
