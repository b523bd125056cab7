/// @file
/// The names of webhook events (E1-E9). A webhook event is the notification; an entry of the Prospero calendar is a
/// CalendarEvent (entity.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// The webhook events that this version knows. Prospero adds more (E10): those arrive as UnknownPayload.
enum class WebhookEvent : std::uint8_t {
  event_created,    ///< E1
  event_deleted,    ///< E2
  event_updated,    ///< E3
  invoice_created,  ///< E4
  invoice_deleted,  ///< E5
  invoice_updated,  ///< E6
  offer_created,    ///< E7
  offer_deleted,    ///< E8
  offer_updated,    ///< E9
};

/// All of them, in the order of the contract.
inline constexpr std::array<WebhookEvent, 9> all_webhook_events{
    WebhookEvent::event_created,   WebhookEvent::event_deleted,   WebhookEvent::event_updated,
    WebhookEvent::invoice_created, WebhookEvent::invoice_deleted, WebhookEvent::invoice_updated,
    WebhookEvent::offer_created,   WebhookEvent::offer_deleted,   WebhookEvent::offer_updated,
};

/// The kind of entity that a webhook event is about.
enum class Family : std::uint8_t {
  calendar_event,  ///< an entry of the calendar (E1-E3), "event" in text
  invoice,         ///< E4-E6
  offer,           ///< E7-E9
};

/// What happened to it.
enum class Change : std::uint8_t {
  created,  ///< it is new
  deleted,  ///< it is gone; what comes is the entity as last known (T7)
  updated,  ///< a field or its status changed
};

/// @param event any of them
/// @return what it is about
constexpr Family family_of(WebhookEvent event) noexcept {
  return static_cast<Family>(static_cast<unsigned>(event) / 3);
}
/// @param event any of them
/// @return what has happened
constexpr Change change_of(WebhookEvent event) noexcept {
  return static_cast<Change>(static_cast<unsigned>(event) % 3);
}
/// @param family what it is about
/// @param change what has happened
/// @return the webhook event that says so
constexpr WebhookEvent webhook_event(Family family, Change change) noexcept {
  return static_cast<WebhookEvent>(static_cast<unsigned>(family) * 3 + static_cast<unsigned>(change));
}

// Text forms, exactly as they are on the wire; case matters. The views returned live forever. Text that names none
// gives nullopt.

/// @param event any of them
/// @return "event.created", ...
std::string_view to_text(WebhookEvent event) noexcept;
/// @param name as it stands in a push
/// @return nullopt for a webhook event that this version does not know (E10): no error
std::optional<WebhookEvent> webhook_event_from_text(std::string_view name) noexcept;

/// @param family any of them
/// @return "event", "invoice", "offer": the part of a webhook event's name before the dot
std::string_view to_text(Family family) noexcept;
/// @param text such a part
/// @return nullopt for any other text
std::optional<Family> family_from_text(std::string_view text) noexcept;

/// @param change any of them
/// @return "created", "deleted", "updated": the part of a webhook event's name after the dot
std::string_view to_text(Change change) noexcept;
/// @param text such a part
/// @return nullopt for any other text
std::optional<Change> change_from_text(std::string_view text) noexcept;

}  // namespace prospero::webhooks

#pragma GCC visibility pop
