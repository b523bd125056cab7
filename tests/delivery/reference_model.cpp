#include "reference_model.hpp"

#include <algorithm>
#include <tuple>

#include "table.hpp"

namespace mock::delivery::test {

Instant ReferenceModel::start_of_model() {
  return start;
}

void ReferenceModel::add_webhook(const std::string& id) {
  hooks_[id].order = static_cast<int>(hooks_.size());
}

void ReferenceModel::push(const std::string& id, const std::string& webhook) {
  auto& item = items_[id];
  item.id = id;
  item.webhook = webhook;
  item.age = static_cast<int>(items_.size());
  const auto& hook = hooks_.at(webhook);
  if (hook.deleted) {
    item.final = "dropped deleted";
  } else if (!hook.enabled) {
    item.final = "dropped webhook_disabled_before";
  } else {
    item.due = now_;
  }
}

void ReferenceModel::drop_all(const std::string& webhook, const std::string& reason) {
  for (auto& [id, item] : items_) {
    if (item.webhook != webhook || !item.final.empty()) continue;
    if (item.due) {
      item.final = reason;
      item.due.reset();
    } else if (item.doomed.empty()) {
      item.doomed = reason;
    }
  }
}

void ReferenceModel::disable(const std::string& webhook) {
  auto& hook = hooks_.at(webhook);
  if (!hook.enabled) return;
  hook.enabled = false;
  hook.disabled_at = now_;
  drop_all(webhook, "dropped disabled");
}

void ReferenceModel::enable(const std::string& webhook) {
  auto& hook = hooks_.at(webhook);
  if (hook.enabled || hook.deleted) return;
  hook.enabled = true;
  hook.failures = 0;
  hook.disabled_at.reset();
}

void ReferenceModel::remove(const std::string& webhook) {
  auto& hook = hooks_.at(webhook);
  hook.enabled = false;
  hook.deleted = true;
  drop_all(webhook, "dropped deleted");
}

std::size_t ReferenceModel::open_count(const std::string& webhook) const {
  return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), [&](const auto& pair) {
    const auto& item = pair.second;
    return !item.tries.empty() && item.tries.back().open && (webhook.empty() || item.webhook == webhook);
  }));
}

// Half of the slots at most, and none that one webhook may need, wait for webhooks that have none.
bool ReferenceModel::has_slot(const std::string& webhook) const {
  const auto own = open_count(webhook);
  const auto beyond_one = rules_.total - std::min(rules_.total, rules_.per_webhook);
  const auto limit = own == 0 ? rules_.total : rules_.total - std::min(beyond_one, rules_.total / 2);
  return own < rules_.per_webhook && open_count("") < limit;
}

ReferenceModel::Item* ReferenceModel::open_first_to_end() {
  Item* first = nullptr;
  for (auto& [id, item] : items_) {  // in the order of ids
    if (item.tries.empty() || !item.tries.back().open) continue;
    if (first == nullptr || item.tries.back().end < first->tries.back().end) first = &item;
  }
  return first;
}

std::optional<Instant> ReferenceModel::next_start() const {
  std::optional<Instant> next;
  for (const auto& [id, item] : items_) {
    if (!item.due || !has_slot(item.webhook)) continue;
    const auto at = std::max(*item.due, now_);
    next = std::min(next.value_or(at), at);
  }
  return next;
}

ReferenceModel::Item* ReferenceModel::next_to_start(Instant at) {
  Item* best = nullptr;
  std::tuple<std::size_t, long, Instant, int, int> best_rank;
  for (auto& [id, item] : items_) {
    if (!item.due || *item.due > at) continue;
    const auto open = open_count(item.webhook);
    if (!has_slot(item.webhook)) continue;
    const auto& hook = hooks_.at(item.webhook);
    const std::tuple rank{open, hook.served, *item.due, hook.order, item.age};
    if (best == nullptr || rank < best_rank) {
      best = &item;
      best_rank = rank;
    }
  }
  return best;
}

void ReferenceModel::begin(Item& item) {
  const auto answer = script_(item.id, static_cast<int>(item.tries.size()));
  const bool again = !item.tries.empty() && item.tries.back().outcome == Outcome::interrupted;
  const int last = item.tries.empty() ? 0 : item.tries.back().number;
  const bool copy = again && (item.tries.back().uncertain || !item.tries.back().unsent);
  item.tries.push_back({again ? last : last + 1, copy, *item.due, now_, now_ + answer.took, answer.outcome, true,
                        !answer.detail.empty()});
  item.due.reset();
  hooks_.at(item.webhook).served = ++serves_;
  ++started_;
}

void ReferenceModel::end(Item& item) {
  auto& last = item.tries.back();
  last.open = false;
  const auto doomed = std::exchange(item.doomed, "");
  if (last.outcome == Outcome::ok) {
    item.final = "delivered";
  } else if (!doomed.empty()) {
    item.final = doomed;
  } else if (last.outcome == Outcome::interrupted) {
    item.due = last.due;
  } else if (last.number == static_cast<int>(rules_.delays.size()) + 1) {
    item.final = "abandoned retries_exhausted";
  } else {
    if (!item.first_failure) item.first_failure = last.end;
    item.due = (rules_.from_first_failure ? *item.first_failure : last.end) +
               rules_.delays.at(static_cast<std::size_t>(last.number) - 1);
  }
  if (doomed.empty()) count(item, last.outcome, last.end);
}

void ReferenceModel::count(const Item& item, Outcome outcome, Instant at) {
  auto& hook = hooks_.at(item.webhook);
  if (outcome == Outcome::interrupted) return;
  if (outcome == Outcome::ok) {
    hook.failures = 0;
    return;
  }
  if (++hook.failures == 1) hook.first_failure = at;
  if (rules_.disable_after == 0 || hook.failures < rules_.disable_after) return;
  if (at - hook.first_failure < rules_.disable_span) return;
  disable(item.webhook);
}

void ReferenceModel::run_until(Instant goal) {
  for (;;) {
    auto* ending = open_first_to_end();
    const auto starting = next_start();
    if (ending != nullptr && (!starting || ending->tries.back().end <= *starting)) {
      now_ = std::max(now_, ending->tries.back().end);
      end(*ending);
    } else if (starting && (*starting <= std::max(goal, now_) || ending != nullptr)) {
      now_ = *starting;
      begin(*next_to_start(now_));
    } else {
      now_ = std::max(now_, goal);
      return;
    }
  }
}

void ReferenceModel::start_due() {
  for (auto next = next_start(); next && *next <= now_; next = next_start()) begin(*next_to_start(now_));
}

void ReferenceModel::advance(std::optional<Duration> by) {
  started_ = 0;
  run_until(now_);
  run_until(by ? now_ + *by : next_start().value_or(now_));
}

std::string ReferenceModel::delivery_line(const std::string& id) const {
  const auto& item = items_.at(id);
  auto text = item.final.empty() ? std::string{"pending"} : item.final;
  if (item.due) text += " next " + show(*item.due);
  const auto* separator = ": ";
  for (const auto& attempt : item.tries) {
    text += separator + std::to_string(attempt.number) + (attempt.uncertain ? "? " : " ");
    text += attempt.open ? "under way" : to_text(attempt.outcome);
    if (attempt.due != attempt.begin) text += " due " + show(attempt.due);
    text += ' ' + show(attempt.begin);
    if (!attempt.open) text += " to " + show(attempt.end);
    separator = "; ";
  }
  return text;
}

std::string ReferenceModel::webhook_line(const std::string& id) const {
  const auto& hook = hooks_.at(id);
  std::string text = hook.deleted ? "deleted" : hook.enabled ? "enabled" : "disabled";
  text += ' ' + std::to_string(hook.failures);
  if (hook.disabled_at) text += " at " + show(*hook.disabled_at);
  return text;
}

}  // namespace mock::delivery::test
