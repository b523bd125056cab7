#include "delivery/sender.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "delivery/delivery_table.hpp"
#include "delivery/disable_rule.hpp"
#include "delivery/due_queue.hpp"
#include "delivery/lifecycle.hpp"
#include "delivery/retry_policy.hpp"

#include "seeded_fault.hpp"

namespace mock::delivery {
namespace {

struct Webhook {
  WebhookId id;
  WebhookStatus status;
  FailureRun run;
};

/// An attempt whose end has not taken effect.
struct Running {
  std::uint64_t serial = 0;  // tells apart the attempts of one delivery
  std::size_t webhook = 0;
  Instant started_at{};
  Delivery delivery;                 // as the table has it: it need not be unpacked again at the end
  bool arrived = false;              // its result waits in `ends`
  std::optional<Reason> dropped_by;  // set when its epoch ended before it did (G1)
};

struct End {
  std::size_t delivery = 0;
  AttemptResult result;
};

void check(const SenderOptions& options) {
  if (options.in_flight_per_webhook < 1 || options.in_flight_total < 1)
    throw std::invalid_argument("the bounds of attempts in flight must be at least 1");
  if (std::any_of(options.retry_delays.begin(), options.retry_delays.end(), [](Duration d) { return d < Duration{}; }))
    throw std::invalid_argument("a retry delay must not be negative");
}

}  // namespace

struct Sender::Impl : std::enable_shared_from_this<Sender::Impl> {
  Impl(SenderOptions given, const Clock& time, Transport& carrier, Journal& listener, Wake on_arrival)
      : options(std::move(given)),
        clock(time),
        transport(carrier),
        journal(listener),
        wake(std::move(on_arrival)),
        queue(options.in_flight_per_webhook, options.in_flight_total) {}

  std::size_t number_of(const WebhookId& id) const;
  std::size_t insert_webhook(const WebhookId& id, WebhookStatus status);
  void changed(std::size_t number, const Delivery& delivery);
  void start(std::size_t number);
  void arrive(std::size_t number, std::uint64_t serial, AttemptResult result);
  void apply_end(std::size_t number, AttemptResult result, Instant ended_at);
  void count(std::size_t webhook, Outcome outcome, Instant ended_at);
  void end_epoch(std::size_t webhook, Reason reason);

  SenderOptions options;
  const Clock& clock;
  Transport& transport;
  Journal& journal;
  Wake wake;

  std::deque<Webhook> webhooks;
  std::unordered_map<std::string_view, std::size_t> webhook_numbers;  // views into `webhooks`
  DeliveryTable deliveries;
  DueQueue queue;
  std::unordered_map<std::size_t, Running> running;  // by delivery number
  std::map<EndOrder, End> ends;
  std::uint64_t serials = 0;
};

std::size_t Sender::Impl::number_of(const WebhookId& id) const {
  const auto at = webhook_numbers.find(id);
  if (at == webhook_numbers.end()) throw std::out_of_range("no webhook " + id);
  return at->second;
}

std::size_t Sender::Impl::insert_webhook(const WebhookId& id, WebhookStatus status) {
  if (webhook_numbers.contains(id)) throw std::invalid_argument("there is already a webhook " + id);
  auto& webhook = webhooks.emplace_back();
  webhook.id = id;
  webhook.status = std::move(status);
  const auto number = queue.add_webhook();
  webhook_numbers.emplace(webhook.id, number);
  return number;
}

void Sender::Impl::changed(std::size_t number, const Delivery& delivery) {
  deliveries.update(number, delivery);
  journal.delivery_changed(number, delivery);
}

void Sender::Impl::start(std::size_t number) {
  auto delivery = deliveries.at(number);
  const auto webhook = number_of(delivery.webhook_id);
  const auto now = clock.now();
  begin_attempt(delivery, now, webhooks[webhook].status.epoch);
  const auto serial = ++serials;
  const auto& started = running
                            .emplace(number, Running{.serial = serial,
                                                     .webhook = webhook,
                                                     .started_at = now,
                                                     .delivery = std::move(delivery),
                                                     .arrived = false,
                                                     .dropped_by = {}})
                            .first->second.delivery;
  changed(number, started);
  const bool other_bytes = PROSPERO_FAULT(R5_a_retry_sends_other_bytes) && started.attempts.size() > 1;
  const auto body = other_bytes ? std::make_shared<const std::string>(*started.body + ' ') : started.body;
  transport.post(Push{.url = webhooks[webhook].status.url, .body = body},
                 [weak = weak_from_this(), number, serial](AttemptResult result) {
                   if (const auto self = weak.lock()) self->arrive(number, serial, std::move(result));
                 });
}

void Sender::Impl::arrive(std::size_t number, std::uint64_t serial, AttemptResult result) {
  const auto at = running.find(number);
  if (at == running.end() || at->second.serial != serial || at->second.arrived) return;
  at->second.arrived = true;
  const auto ended_at = clock.end_of(at->second.started_at, result.took);
  const bool by_start = PROSPERO_FAULT(X2_equal_ends_count_in_the_order_of_starts);
  ends.emplace(EndOrder{ended_at, by_start ? std::to_string(serial) : at->second.delivery.id},
               End{number, std::move(result)});
  if (wake) wake();
}

void Sender::Impl::apply_end(std::size_t number, AttemptResult result, Instant ended_at) {
  auto attempt = std::move(running.extract(number).mapped());
  auto& delivery = attempt.delivery;
  queue.release(attempt.webhook);
  const auto outcome = result.outcome;
  end_attempt(delivery, std::move(result), ended_at);
  const auto verdict = judge(options.retry_delays, options.delays_from, delivery.attempts);
  if (attempt.dropped_by && !PROSPERO_FAULT(G1_failure_of_an_older_epoch_is_retried) &&
      (verdict.kind != Verdict::Kind::delivered || PROSPERO_FAULT(G1_success_of_an_older_epoch_is_dropped))) {
    drop(delivery, *attempt.dropped_by, ended_at);
  } else {
    settle(delivery, verdict);
    if (delivery.next_attempt_at) queue.push(attempt.webhook, *delivery.next_attempt_at, number);
  }
  changed(number, delivery);
  if (!attempt.dropped_by || PROSPERO_FAULT(G1_attempt_of_an_older_epoch_counts))
    count(attempt.webhook, outcome, ended_at);
}

void Sender::Impl::count(std::size_t webhook, Outcome outcome, Instant ended_at) {
  auto& [id, status, run] = webhooks[webhook];
  const auto before = run;
  run = after_end(run, outcome, ended_at);
  if (run == before) return;
  status.consecutive_failures = run.count;
  status.first_failure_at = run.count > 0 ? std::optional{run.first_end} : std::nullopt;
  if (must_disable({options.disable_after, options.disable_span}, run)) {
    status.enabled = PROSPERO_FAULT(X4_is_enabled_again_by_itself);
    status.disabled_at = ended_at;
    end_epoch(webhook, Reason::disabled);
  } else {
    journal.webhook_changed(id);
  }
}

/// G1, X3: what is pending is dropped now, what is under way when it fails.
void Sender::Impl::end_epoch(std::size_t webhook, Reason reason) {
  ++webhooks[webhook].status.epoch;
  for (auto& [number, attempt] : running) {
    if (attempt.webhook == webhook && !attempt.dropped_by) attempt.dropped_by = reason;
  }
  journal.webhook_changed(webhooks[webhook].id);
  if (PROSPERO_FAULT(X3_pending_retries_survive_disabling)) return;
  for (const auto number : queue.clear(webhook)) {
    auto delivery = deliveries.at(number);
    drop(delivery, reason, clock.now());
    changed(number, delivery);
  }
}

SenderOptions sender_options(const contract::Values& values) {
  return {.retry_delays = {values.retries.begin(), values.retries.end()},
          .disable_after = values.disable_after,
          .disable_span = values.disable_span,
          .in_flight_per_webhook = values.in_flight_per_webhook,
          .in_flight_total = values.in_flight_total,
          .delays_from = values.delays_from};
}

SenderOptions contract_defaults() {
  return sender_options({});
}

Sender::Sender(SenderOptions options, const Clock& clock, Transport& transport, Journal& journal, Wake wake) {
  check(options);
  impl_ = std::make_shared<Impl>(std::move(options), clock, transport, journal, std::move(wake));
}

Sender::~Sender() = default;

void Sender::add_webhook(const WebhookId& id, std::string url) {
  WebhookStatus status;
  status.url = std::move(url);
  impl_->insert_webhook(id, std::move(status));
  impl_->journal.webhook_changed(id);
}

void Sender::restore_webhook(const WebhookId& id, WebhookStatus status) {
  FailureRun run{.count = status.consecutive_failures,
                 .first_end = status.first_failure_at.value_or(Instant{}),
                 .last_end = status.first_failure_at.value_or(Instant{})};
  const auto number = impl_->insert_webhook(id, std::move(status));
  if (!PROSPERO_FAULT(X2_a_crash_sets_the_count_to_zero)) impl_->webhooks[number].run = run;
}

void Sender::restore_delivery(Delivery delivery) {
  const auto webhook = impl_->number_of(delivery.webhook_id);
  const auto number = impl_->deliveries.add(delivery);
  if (delivery.state != State::pending) return;
  const bool interrupted = has_attempt_under_way(delivery) && !PROSPERO_FAULT(G5_a_crash_loses_what_is_under_way);
  const auto& status = impl_->webhooks[webhook].status;
  const auto now = impl_->clock.now();
  if (interrupted) interrupt_attempt(delivery, now);
  const bool epoch_ended = interrupted && delivery.attempts.back().epoch != status.epoch &&
                           !PROSPERO_FAULT(G1_a_crash_revives_an_older_epoch);
  const bool dropped = !status.enabled || epoch_ended;
  if (dropped) drop(delivery, status.deleted ? Reason::deleted : Reason::disabled, now);
  const bool overdue = delivery.next_attempt_at < now && !interrupted;
  if (PROSPERO_FAULT(G7_a_crash_puts_retries_off) && overdue) {
    delivery.next_attempt_at = now;
    impl_->deliveries.update(number, delivery);
  }
  const bool lost =
      PROSPERO_FAULT(G7_a_crash_loses_retries) || (PROSPERO_FAULT(G4_overdue_retries_are_lost) && overdue);
  if (delivery.next_attempt_at && !lost) impl_->queue.push(webhook, *delivery.next_attempt_at, number);
  if (interrupted || dropped) impl_->changed(number, delivery);
}

void Sender::disable(const WebhookId& id) {
  const auto number = impl_->number_of(id);
  auto& status = impl_->webhooks[number].status;
  if (!status.enabled) return;
  status.enabled = false;
  status.disabled_at = impl_->clock.now();
  impl_->end_epoch(number, Reason::disabled);
}

void Sender::enable(const WebhookId& id) {
  auto& webhook = impl_->webhooks[impl_->number_of(id)];
  if (webhook.status.enabled || webhook.status.deleted) return;
  if (!PROSPERO_FAULT(X4_count_goes_on_after_enabling)) webhook.run = {};
  webhook.status.consecutive_failures = 0;
  webhook.status.first_failure_at.reset();
  webhook.status.enabled = true;
  webhook.status.disabled_at.reset();
  if (!PROSPERO_FAULT(G1_enabling_begins_no_epoch)) ++webhook.status.epoch;
  for (std::size_t i = 0; PROSPERO_FAULT(X4_what_was_missed_is_sent) && i < impl_->deliveries.size(); ++i) {
    const auto missed = impl_->deliveries.at(i);
    const auto copy = missed.id + '+' + std::to_string(impl_->deliveries.size());
    if (missed.state == State::dropped) enqueue({copy, id, missed.event, missed.entity_id, missed.body, {}});
  }
  impl_->journal.webhook_changed(id);
}

void Sender::remove(const WebhookId& id) {
  const auto number = impl_->number_of(id);
  auto& status = impl_->webhooks[number].status;
  if (status.deleted) return;
  status.deleted = true;
  status.enabled = false;
  if (!PROSPERO_FAULT(G2_retries_survive_deleting)) impl_->end_epoch(number, Reason::deleted);
}

const WebhookStatus& Sender::webhook(const WebhookId& id) const {
  return impl_->webhooks[impl_->number_of(id)].status;
}

void Sender::enqueue(NewDelivery given) {
  const auto webhook = impl_->number_of(given.webhook_id);
  const auto& status = impl_->webhooks[webhook].status;
  Delivery delivery;
  delivery.id = std::move(given.id);
  delivery.webhook_id = std::move(given.webhook_id);
  delivery.event = std::move(given.event);
  delivery.entity_id = std::move(given.entity_id);
  delivery.body = std::move(given.body);
  delivery.resend_of = std::move(given.resend_of);
  delivery.created_at = impl_->clock.now();
  if (status.enabled || PROSPERO_FAULT(X3_events_are_queued_while_disabled)) {
    delivery.next_attempt_at = delivery.created_at;
  } else {
    drop(delivery, status.deleted ? Reason::deleted : Reason::webhook_disabled_before, delivery.created_at);
  }
  const auto number = impl_->deliveries.add(delivery);
  if (delivery.next_attempt_at) impl_->queue.push(webhook, delivery.created_at, number);
  impl_->journal.delivery_changed(number, delivery);
}

void Sender::pump() {
  apply_ends(Instant::max());
  start_due();
}

std::optional<Instant> Sender::next_end() const {
  if (impl_->ends.empty()) return std::nullopt;
  return impl_->ends.begin()->first.ended_at;
}

void Sender::apply_ends(Instant until) {
  auto& ends = impl_->ends;
  while (!ends.empty() && ends.begin()->first.ended_at <= until) {
    auto node = ends.extract(ends.begin());
    impl_->apply_end(node.mapped().delivery, std::move(node.mapped().result), node.key().ended_at);
  }
}

void Sender::start_due() {
  while (const auto number = impl_->queue.take(impl_->clock.now())) impl_->start(*number);
}

void Sender::interrupt(const DeliveryId& id) {
  const auto known = impl_->deliveries.find(id);
  if (!known) throw std::out_of_range("no delivery " + id);
  const auto at = impl_->running.find(*known);
  if (at == impl_->running.end() || at->second.arrived) return;
  AttemptResult result;
  result.outcome = Outcome::interrupted;
  impl_->apply_end(*known, std::move(result), impl_->clock.now());
}

std::uint64_t Sender::starts() const {
  return impl_->serials;
}

void Sender::restart_after(std::uint64_t starts) {
  const auto now = impl_->clock.now();
  for (auto& [number, attempt] : impl_->running) {
    if (attempt.serial <= starts || attempt.arrived || attempt.started_at == now) continue;
    attempt.started_at = now;
    attempt.delivery.attempts.back().started_at = now;
    impl_->changed(number, attempt.delivery);
  }
}

std::optional<Instant> Sender::next_due() const {
  return impl_->queue.next_due();
}

std::size_t Sender::in_flight() const {
  return impl_->running.size();
}

bool Sender::quiet_until(Instant t) const {
  const auto due = next_due();
  return in_flight() == 0 && (!due || *due > t);
}

std::optional<Delivery> Sender::find(const DeliveryId& id) const {
  const auto number = impl_->deliveries.find(id);
  if (!number) return std::nullopt;
  return impl_->deliveries.at(*number);
}

const DeliveryTable& Sender::deliveries() const {
  return impl_->deliveries;
}

}  // namespace mock::delivery
