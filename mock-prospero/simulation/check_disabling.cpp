// X: when a webhook is disabled and what it gets; and the edges that may change its count (G1, G2, G5).
#include <fmt/format.h>

#include <utility>

#include "delivery/retry_policy.hpp"
#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

using delivery::Outcome;
using delivery::State;

enum class LastEnd : std::uint8_t { counted, older_epoch, interrupted };

struct Hook {
  bool enabled = true;
  bool deleted = false;
  bool ordered = false;  ///< the next change of it is by the operator's order
  int failures = 0;
  Instant first_failure{};
  long epoch = 0;
  bool enabled_since_success = false;
  LastEnd last_end = LastEnd::counted;
  std::optional<std::pair<Instant, std::string>> order;  ///< end and delivery id of the last end that counted
};

struct Item {
  bool known = false;
  long born = 0;  ///< epochs
  long began = 0;
  bool open = false;
  State state = State::pending;
};

class Walk {
 public:
  Walk(const Checked& run, Findings& findings)
      : history_(run.history),
        options_(run.plan.sender),
        findings_(findings),
        hooks_(run.history.webhooks.size()),
        items_(run.history.deliveries.size()) {}

  void go() {
    for (const auto& entry : history_.entries) {
      check_debt(entry);
      step(entry);
    }
  }

 private:
  void step(const Entry& entry);
  void check_debt(const Entry& entry);
  void on_webhook(const Entry& entry);
  void on_delivery(const Entry& entry);
  void on_birth(const Entry& entry, Item& item, const Hook& hook);
  void on_begin(Number delivery, Item& item, const Hook& hook);
  void on_end(const Entry& entry, const Item& item, Hook& hook);
  void on_old_end(const Entry& entry);
  void check_order(const Entry& entry, Hook& hook);
  bool must_disable(const Hook& hook, Instant last) const {
    return options_.disable_after > 0 && hook.failures >= options_.disable_after &&
           last - hook.first_failure >= options_.disable_span;
  }
  std::string_view blamed(const Hook& hook) const;
  void say(std::string_view clause, std::string sentence, std::optional<Number> delivery) {
    findings_.add(clause, std::move(sentence), delivery);
  }

  const History& history_;
  const delivery::SenderOptions& options_;
  Findings& findings_;
  std::vector<Hook> hooks_;
  std::vector<Item> items_;
  std::optional<Number> debt_;           ///< the webhook that must be disabled next
  std::optional<Number> last_delivery_;  ///< whose attempt ended last
};

void Walk::step(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::fired:
      for (auto& hook : hooks_) hook.ordered = false;  // orders without effect are over
      return;
    case Entry::Kind::registered:
    case Entry::Kind::restored:
    case Entry::Kind::suspended:
    case Entry::Kind::woke:
    case Entry::Kind::wall_step:
    case Entry::Kind::calm:
      return;
    case Entry::Kind::disable:
    case Entry::Kind::enable:
      hooks_[entry.subject].ordered = true;
      return;
    case Entry::Kind::remove: {
      auto& hook = hooks_[entry.subject];
      if (!hook.deleted) ++hook.epoch;
      hook.deleted = true;
      hook.enabled = false;
      hook.ordered = true;
      return;
    }
    case Entry::Kind::delivery:
      return on_delivery(entry);
    case Entry::Kind::webhook:
      return on_webhook(entry);
    case Entry::Kind::booted:
      for (auto& hook : hooks_) hook.order.reset();
      return;
    case Entry::Kind::crashed:
      for (auto& hook : hooks_) hook.ordered = false;
      return;
  }
}

void Walk::check_debt(const Entry& entry) {
  if (!debt_) return;
  if (entry.kind != Entry::Kind::webhook || entry.subject != *debt_ || entry.webhook.enabled)
    say("X1",
        fmt::format("webhook {} had {} failures in a row over {} s and is not disabled", history_.webhooks[*debt_].id,
                    hooks_[*debt_].failures, options_.disable_span.count() / 1'000'000),
        last_delivery_);
  debt_.reset();
}

std::string_view Walk::blamed(const Hook& hook) const {
  switch (hook.last_end) {
    case LastEnd::older_epoch:
      return "G1";
    case LastEnd::interrupted:
      return "G5";
    case LastEnd::counted:
      return hook.enabled_since_success ? "X4" : "X2";
  }
  return "X2";
}

void Walk::on_webhook(const Entry& entry) {
  auto& hook = hooks_[entry.subject];
  const auto& view = entry.webhook;
  const auto& name = history_.webhooks[entry.subject].id;
  const bool ordered = std::exchange(hook.ordered, false);
  const bool was_enabled = hook.enabled;
  if (was_enabled && !view.enabled) {
    ++hook.epoch;
    if (!ordered && !must_disable(hook, hook.order ? hook.order->first : Instant{}))
      say(blamed(hook),
          fmt::format("webhook {} is disabled after {} failures in a row; {} over {} s are asked for", name,
                      hook.failures, options_.disable_after, options_.disable_span.count() / 1'000'000),
          last_delivery_);
  } else if (!was_enabled && view.enabled) {
    ++hook.epoch;
    if (!ordered || hook.deleted) say("X4", fmt::format("webhook {} is enabled by nobody's order", name), {});
    hook.failures = 0;
    hook.enabled_since_success = true;
  }
  if (!ordered && !was_enabled && !view.enabled)
    say("G1", fmt::format("webhook {} changes although it is not enabled", name), last_delivery_);
  if (view.enabled && view.failures != hook.failures) {
    say(blamed(hook),
        fmt::format("webhook {} counts {} failures in a row, there were {}", name, view.failures, hook.failures),
        last_delivery_);
    hook.failures = view.failures;
  }
  hook.enabled = view.enabled;
}

void Walk::on_delivery(const Entry& entry) {
  auto& item = items_[entry.subject];
  auto& hook = hooks_[history_.deliveries[entry.subject].webhook];
  const auto& view = entry.delivery;
  if (!item.known) on_birth(entry, item, hook);
  const bool open = view.attempts > 0 && !view.last.ended_at;
  if (open && !item.open) on_begin(entry.subject, item, hook);
  if (!open && item.open) on_end(entry, item, hook);
  if (view.state == State::dropped && item.state == State::pending && item.born == hook.epoch && hook.enabled)
    say("X3", "dropped, although its webhook was enabled all the time", entry.subject);
  item.open = open;
  item.state = view.state;
}

void Walk::on_birth(const Entry& entry, Item& item, const Hook& hook) {
  item.known = true;
  item.born = hook.epoch;
  if (!hook.enabled && entry.delivery.state != State::dropped)
    say("X3", "a webhook event is queued for a webhook that is not enabled", entry.subject);
}

void Walk::on_begin(Number delivery, Item& item, const Hook& hook) {
  item.began = hook.epoch;
  if (hook.deleted) return say("G2", "an attempt begins although the webhook is deleted", delivery);
  if (!hook.enabled) return say("X3", "an attempt begins although the webhook is disabled", delivery);
  if (item.born != hook.epoch)
    say("X4", "an attempt begins after the webhook was disabled and enabled: what was missed is not sent", delivery);
}

void Walk::on_end(const Entry& entry, const Item& item, Hook& hook) {
  const auto& last = entry.delivery.last;
  last_delivery_ = entry.subject;
  if (item.began != hook.epoch) {
    hook.last_end = LastEnd::older_epoch;
    return on_old_end(entry);
  }
  if (last.outcome == Outcome::interrupted) {
    hook.last_end = LastEnd::interrupted;
    return;
  }
  hook.last_end = LastEnd::counted;
  check_order(entry, hook);
  if (last.outcome == Outcome::ok) {
    hook.failures = 0;
    hook.enabled_since_success = false;
    return;
  }
  if (hook.failures++ == 0) hook.first_failure = *last.ended_at;
  if (must_disable(hook, *last.ended_at)) debt_ = history_.deliveries[entry.subject].webhook;
}

void Walk::on_old_end(const Entry& entry) {
  const auto& view = entry.delivery;
  if (view.last.outcome == Outcome::ok) {
    if (view.state != State::delivered)
      say("G1", "an attempt that was under way when its webhook was disabled or deleted succeeded in vain",
          entry.subject);
    return;
  }
  if (view.state != State::dropped)
    say("G1", "an attempt that was under way when its webhook was disabled or deleted failed, and the delivery goes on",
        entry.subject);
}

void Walk::check_order(const Entry& entry, Hook& hook) {
  std::pair now{*entry.delivery.last.ended_at, history_.deliveries[entry.subject].id};
  if (hook.order && now < *hook.order)
    say("X2",
        fmt::format("the end of delivery {} at {} counts after that of {} at {}", now.second, seconds(now.first),
                    hook.order->second, seconds(hook.order->first)),
        entry.subject);
  hook.order = std::move(now);
}

}  // namespace

void check_disabling(const Checked& run, Findings& findings) {
  Walk{run, findings}.go();
}

}  // namespace mock::simulation
