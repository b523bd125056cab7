#include "hand_over.hpp"

#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "caught_text.hpp"
#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

// The receiver's limits were applied on arrival, and it may have been given larger ones than the parser's own.
constexpr ParseLimits as_accepted{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()};

// What is to be done with an arrival. Unknown webhook events have no facts: no head is kept for them.
struct Plan {
  std::optional<PushFacts> facts;
  Subscription subscription = Subscription::on;
  Verdict verdict;
};

Plan plan_for(const PendingArrival& arrival, const AnyPayload& payload, const Dispatcher& dispatcher) {
  Plan plan;
  const auto event = known_event(payload);
  if (!event) return plan;
  plan.facts = PushFacts{arrival.row.identity, change_of(*event), entity(payload)->last_updated_at()};
  plan.subscription = dispatcher.subscription(*event);
  plan.verdict = judge(arrival.head, *plan.facts);
  return plan;
}

Delivery delivery_of(const PendingArrival& arrival, const Plan& plan, std::stop_token stop) {
  Delivery how;
  how.source = arrival.row.source;
  how.identity = arrival.row.identity;
  how.seq = arrival.row.seq;
  how.freshness = plan.verdict.freshness;
  how.seen_before = arrival.seen_before;
  how.copies = arrival.row.copies;
  how.tries = arrival.row.tries + 1;
  how.received_at = arrival.row.received_at;
  if (plan.facts) how.changed_at = plan.facts->changed_at;
  how.stop_token = std::move(stop);
  return how;
}

HandOver settled(InboxState state, bool called, std::optional<Freshness> freshness, std::string error = {}) {
  HandOver result;
  result.state = state;
  result.called = called;
  result.freshness = freshness;
  result.error = std::move(error);
  return result;
}

// How an arrival ends that its handler does not want; nothing when it wants it.
std::optional<HandOver> spared(const PendingArrival& arrival, const Plan& plan) {
  const Freshness freshness = plan.verdict.freshness;
  const bool each = plan.subscription == Subscription::each;
  const bool copy = freshness == Freshness::copy && !PROSPERO_FAULT(C4_a_copy_is_handed_over);
  if (copy || (each && arrival.handled_before && !arrival.replayed))
    return settled(InboxState::copy, false, Freshness::copy);
  const bool stale = freshness == Freshness::stale;
  if (stale && each && PROSPERO_FAULT(C5_each_is_spared_stale_pushes))
    return settled(InboxState::processed, false, Freshness::stale);
  if (stale && plan.subscription == Subscription::follow && !PROSPERO_FAULT(C5_followers_go_backwards))
    return settled(InboxState::processed, false, Freshness::stale);
  return std::nullopt;
}

HandOver completed(const Plan& plan, const std::optional<Observation>& observation, bool called) {
  HandOver result = settled(InboxState::processed, called, plan.verdict.freshness);
  if (!plan.facts) return result;
  result.head = observation ? with_observation(plan.verdict.head, *observation) : plan.verdict.head;
  return result;
}

// What a dead push left behind in the application is unknown, so its entity's head is no longer to be relied on.
HandOver failed(const PendingArrival& arrival, const Plan& plan, const HandOverRules& rules, std::string error) {
  const unsigned tries = arrival.tries_spent + 1;
  if (tries >= rules.tries_max) {
    HandOver dead = settled(InboxState::dead, true, plan.verdict.freshness, std::move(error));
    dead.head = arrival.head;
    if (dead.head) dead.head->unsure = true;
    return dead;
  }
  HandOver again = settled(InboxState::pending, true, plan.verdict.freshness, std::move(error));
  again.retry_at = rules.retry_at(tries);
  return again;
}

// Calls the handler, unless the application's done-mark says that it has completed already.
HandOver carried_out(const PendingArrival& arrival, const AnyPayload& payload, const Plan& plan,
                     const Dispatcher& dispatcher, const HandOverRules& rules, std::stop_token stop) {
  if (arrival.maybe_started && rules.find_done_mark)
    if (const auto mark = rules.find_done_mark(arrival.row.identity, arrival.row.seq))
      return completed(plan, mark->observation, true);
  Delivery how = delivery_of(arrival, plan, std::move(stop));
  dispatcher.dispatch(payload, how);
  if (how.observation && plan.facts && is_too_old(*how.observation, *plan.facts)) throw ObservedTooOld{};
  return completed(plan, how.observation, true);
}

}  // namespace

HandOver hand_over(PendingArrival& arrival, const Dispatcher& dispatcher, const HandOverRules& rules,
                   std::stop_token stop) noexcept {
  Plan plan;
  try {
    const ParseResult parsed = parse(std::make_shared<const std::string>(std::move(arrival.body)), as_accepted);
    if (!parsed) return settled(InboxState::quarantined, false, std::nullopt, parsed.error().message());
    plan = plan_for(arrival, *parsed, dispatcher);
    if (const auto result = spared(arrival, plan)) return *result;
    return carried_out(arrival, *parsed, plan, dispatcher, rules, std::move(stop));
  } catch (...) {
    return failed(arrival, plan, rules, caught_text());
  }
}

}  // namespace prospero::webhooks
