#include "simulation/process.hpp"

#include <utility>

namespace mock::simulation {

using delivery::NextStep;

/// As the mock's clock on the real one: the wall clock as it stood at the start, moved on by a monotonic one (G7).
class Process::WallClock final : public delivery::Clock {
 public:
  WallClock(const Timeline& timeline, Instant start) : timeline_(timeline), wall_minus_true_(start - timeline.now()) {}
  Instant now() const override { return wall_minus_true_ + timeline_.now(); }

 private:
  const Timeline& timeline_;
  Instant wall_minus_true_;
};

/// No push leaves before its attempt is on disk.
class Process::Gate final : public delivery::Transport {
 public:
  Gate(Store& store, Network& network) : store_(store), network_(network) {}

  void post(delivery::Push push, Done done) override {
    store_.sync();
    store_.opportunity();
    network_.post(std::move(push), std::move(done));
    store_.opportunity();
  }

 private:
  Store& store_;
  Network& network_;
};

Process::Process(const Plan& plan, Timeline& timeline, Network& network, Store& store, Instant clock_start)
    : timeline_(timeline), store_(store), gate_(std::make_unique<Gate>(store, network)) {
  delivery::Transport* transport = gate_.get();
  if (plan.virtual_clock) {
    virtual_clock_.emplace(clock_start);
    transport = &virtual_time_.emplace(*virtual_clock_, *gate_, [this] { return timeline_.now(); });
  } else {
    wall_clock_ = std::make_unique<WallClock>(timeline, clock_start);
  }
  sender_ = std::make_unique<delivery::Sender>(plan.sender, clock(), *transport, store);
  store_.attach(*sender_, clock());
}

Process::~Process() = default;

const delivery::Clock& Process::clock() const {
  return virtual_clock_ ? static_cast<const delivery::Clock&>(*virtual_clock_) : *wall_clock_;
}

void Process::restore() {
  store_.note(Entry::Kind::booted);
  const auto image = store_.image();
  for (std::size_t i = 0; i < image.registered.size(); ++i) {
    auto webhook = image.registered[i];
    const bool deleted = std::exchange(webhook.deleted, false);
    const auto id = registry_.add(std::move(webhook)).id;
    if (deleted) registry_.remove(id);
    sender_->restore_webhook(id, image.webhooks[i]);
  }
  for (const auto& one : image.deliveries) sender_->restore_delivery(one);
  store_.note(Entry::Kind::restored);
  store_.seal();
}

void Process::drive() {
  const auto wait = wait_after_step();
  store_.seal();
  if (wait) wake_at(timeline_.now() + *wait);
}

/// How long until the sender must be driven again, if nothing arrives before.
std::optional<Duration> Process::wait_after_step() {
  if (!virtual_time_) {
    sender_->pump();
    const auto due = sender_->next_due();
    return due ? std::optional{*due - clock().now()} : std::nullopt;
  }
  const auto next = virtual_time_->step(*sender_);
  switch (next.kind) {
    case NextStep::Kind::finished:
    case NextStep::Kind::wait_for_end:
      return std::nullopt;
    case NextStep::Kind::wait_at_most:
      return next.at_most;
  }
  return std::nullopt;
}

/// Driving is the business of whoever steps the timeline: there only has to be an instant to step to.
void Process::wake_at(Duration when) {
  if (waking_at_ && *waking_at_ <= when && *waking_at_ > timeline_.now()) return;
  waking_at_ = when;
  timeline_.at(when, [] {});
}

}  // namespace mock::simulation
