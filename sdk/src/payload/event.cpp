#include <prospero/webhooks/payload/event.hpp>

namespace prospero::webhooks {
namespace {

// The inverse of to_text for these enumerators. Told one by one, each text is a constant, and no comparison a call.
template <auto first, auto... others>
std::optional<decltype(first)> named(std::string_view text) noexcept {
  std::optional<decltype(first)> found;
  const auto is = [&](auto one) {
    if (to_text(one) == text) found = one;
    return found.has_value();
  };
  static_cast<void>(is(first) || (is(others) || ...));
  return found;
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
  return named<Family::calendar_event, Family::invoice, Family::offer>(text);
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
  return named<Change::created, Change::deleted, Change::updated>(text);
}

std::optional<WebhookEvent> webhook_event_from_text(std::string_view name) noexcept {
  const std::size_t dot = name.find('.');
  if (dot == name.npos) return std::nullopt;
  const std::optional<Family> family = family_from_text(name.substr(0, dot));
  const std::optional<Change> change = change_from_text(name.substr(dot + 1));
  if (!family || !change) return std::nullopt;
  return webhook_event(*family, *change);
}

}  // namespace prospero::webhooks
