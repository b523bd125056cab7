#include <prospero/webhooks/payload/event.hpp>

namespace prospero::webhooks {
namespace {

// What all values of an enumeration are called; the inverse of to_text.
template <class Enum, std::size_t N>
std::optional<Enum> named(std::string_view text, const std::array<Enum, N>& all) noexcept {
  for (const Enum one : all) {
    if (to_text(one) == text) return one;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(WebhookEvent event) noexcept {
  switch (event) {
    case WebhookEvent::event_created:
      return "event.created";
    case WebhookEvent::event_deleted:
      return "event.deleted";
    case WebhookEvent::event_updated:
      return "event.updated";
    case WebhookEvent::invoice_created:
      return "invoice.created";
    case WebhookEvent::invoice_deleted:
      return "invoice.deleted";
    case WebhookEvent::invoice_updated:
      return "invoice.updated";
    case WebhookEvent::offer_created:
      return "offer.created";
    case WebhookEvent::offer_deleted:
      return "offer.deleted";
    case WebhookEvent::offer_updated:
      break;
  }
  return "offer.updated";
}

std::optional<WebhookEvent> webhook_event_from_text(std::string_view name) noexcept {
  return named(name, all_webhook_events);
}

std::string_view to_text(Family family) noexcept {
  switch (family) {
    case Family::calendar_event:
      return "event";
    case Family::invoice:
      return "invoice";
    case Family::offer:
      break;
  }
  return "offer";
}

std::optional<Family> family_from_text(std::string_view text) noexcept {
  return named(text, std::array{Family::calendar_event, Family::invoice, Family::offer});
}

std::string_view to_text(Change change) noexcept {
  switch (change) {
    case Change::created:
      return "created";
    case Change::deleted:
      return "deleted";
    case Change::updated:
      break;
  }
  return "updated";
}

std::optional<Change> change_from_text(std::string_view text) noexcept {
  return named(text, std::array{Change::created, Change::deleted, Change::updated});
}

}  // namespace prospero::webhooks
