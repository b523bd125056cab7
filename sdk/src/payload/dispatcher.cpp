#include <array>
#include <atomic>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <stdexcept>
#include <string>

#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

std::size_t index_of(WebhookEvent event) noexcept {
  return static_cast<std::size_t>(event);
}

std::string_view verb(Subscription kind) noexcept {
  switch (kind) {
    case Subscription::follow:
      return "follow";
    case Subscription::each:
      return "each";
    case Subscription::on:
      return "on";
  }
  return "on";
}

std::string call_of(Subscription kind, std::string_view of) {
  return std::string{verb(kind)} + "<" + std::string{of} + ">";
}

}  // namespace

struct Dispatcher::Impl {
  // A handler and the call that registered it, for the message of a clash.
  struct Registration {
    std::shared_ptr<const Slot> handler;
    std::string by;
    Subscription kind = Subscription::on;
  };

  explicit Impl(Fallback f) : fallback(std::move(f)) {}

  // Throws when a registration by `by` for `event` is not possible.
  void check_free(WebhookEvent event, const std::string& by) const {
    if (dispatching) {
      throw std::logic_error(by +
                             ": register handlers before the first dispatch; the fallback may have had pushes already");
    }
    const Registration& taken = slots[index_of(event)];
    if (taken.handler) {
      throw std::logic_error(by + ": " + std::string{to_text(event)} + " has a handler already, from " + taken.by);
    }
  }

  Fallback fallback;
  std::array<Registration, all_webhook_events.size()> slots;
  std::atomic<bool> dispatching = false;
};

Dispatcher::Dispatcher(CheckedFallback fallback) : impl_(std::make_unique<Impl>(std::move(fallback.call))) {
  if (!impl_->fallback) throw std::invalid_argument("Dispatcher: the fallback is empty");
}

Dispatcher::~Dispatcher() = default;
Dispatcher::Dispatcher(Dispatcher&&) noexcept = default;
Dispatcher& Dispatcher::operator=(Dispatcher&&) noexcept = default;

void Dispatcher::add_one(WebhookEvent event, Subscription kind, Slot slot) {
  const std::string by = call_of(kind, to_text(event));
  impl_->check_free(event, by);
  impl_->slots[index_of(event)] = {std::make_shared<const Slot>(std::move(slot)), by, kind};
}

void Dispatcher::add_family(Family family, Subscription kind, Slot slot) {
  const std::string by =
      kind == Subscription::on ? "on_any<" + std::string{to_text(family)} + ">" : call_of(kind, to_text(family));
  for (const WebhookEvent event : all_webhook_events) {
    if (family_of(event) == family) impl_->check_free(event, by);
  }
  const auto shared = std::make_shared<const Slot>(std::move(slot));
  for (const WebhookEvent event : all_webhook_events) {
    if (family_of(event) == family) impl_->slots[index_of(event)] = {shared, by, kind};
  }
}

std::vector<std::string_view> Dispatcher::registered() const {
  std::vector<std::string_view> names;
  for (const WebhookEvent event : all_webhook_events) {
    if (impl_->slots[index_of(event)].handler) names.push_back(to_text(event));
  }
  return names;
}

Subscription Dispatcher::subscription(WebhookEvent event) const noexcept {
  return impl_->slots[index_of(event)].kind;
}

void Dispatcher::dispatch(const AnyPayload& payload, Delivery& how) const {
  impl_->dispatching.store(true, std::memory_order_relaxed);
  const std::optional<WebhookEvent> event = known_event(payload);
  if (!event && PROSPERO_FAULT(E10_fallback_is_not_called)) return;
  if (!event) return impl_->fallback(payload, how, Known::no);
  const Impl::Registration& registration = impl_->slots[index_of(*event)];
  if (!registration.handler) return impl_->fallback(payload, how, Known::yes);
  (*registration.handler)(payload, how);
}

}  // namespace prospero::webhooks
