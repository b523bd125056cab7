// The names of webhook events (E1-E9). A webhook event is the notification; an entry of the Prospero calendar is a
// CalendarEvent (entity.hpp).
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
enum class Family : std::uint8_t { calendar_event, invoice, offer };

/// What happened to it.
enum class Change : std::uint8_t { created, deleted, updated };

constexpr Family family_of(WebhookEvent event) noexcept {
  return static_cast<Family>(static_cast<unsigned>(event) / 3);
}
constexpr Change change_of(WebhookEvent event) noexcept {
  return static_cast<Change>(static_cast<unsigned>(event) % 3);
}
constexpr WebhookEvent webhook_event(Family family, Change change) noexcept {
  return static_cast<WebhookEvent>(static_cast<unsigned>(family) * 3 + static_cast<unsigned>(change));
}

// Text forms, exactly as they are on the wire; case matters. The views returned live forever. Text that names none
// gives nullopt.

/// "event.created", ...
std::string_view to_text(WebhookEvent event) noexcept;
std::optional<WebhookEvent> webhook_event_from_text(std::string_view name) noexcept;

/// "event", "invoice", "offer": the part before the dot.
std::string_view to_text(Family family) noexcept;
std::optional<Family> family_from_text(std::string_view text) noexcept;

/// "created", "deleted", "updated": the part after the dot.
std::string_view to_text(Change change) noexcept;
std::optional<Change> change_from_text(std::string_view text) noexcept;

}  // namespace prospero::webhooks

#pragma GCC visibility pop
