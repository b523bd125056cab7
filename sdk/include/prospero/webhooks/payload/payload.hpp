/// @file
/// Bytes of a push in, typed payload out (D1, E1-E10).
///
///   pw::ParseResult parsed = pw::parse(body);
///   if (!parsed) return log(parsed.error().message());
///   if (auto* updated = std::get_if<pw::InvoiceUpdated>(&*parsed)) use(updated->data().id());
#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "entity.hpp"
#include "error.hpp"
#include "event.hpp"
#include "limits.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// A push of a known webhook event. A value that shares the bytes of the body with its copies; for threads see Entity.
template <WebhookEvent E, class Data>
class Payload {
  static_assert(family_of(E) == Data::family, "Payload<E, Data>: this webhook event is about another kind of entity");

 public:
  using DataType = Data;                          ///< CalendarEvent, Invoice or Offer
  static constexpr WebhookEvent event = E;        ///< what Prospero calls it
  static constexpr Family family = family_of(E);  ///< what it is about
  static constexpr Change change = change_of(E);  ///< what has happened

  /// parse() makes payloads; tests may too.
  /// @param data the affected entity
  explicit Payload(Data data) : data_(std::move(data)) {}

  /// @return the affected entity; of a `deleted` one as last known (T7); it lives as long as this object
  const Data& data() const noexcept { return data_; }

  /// @return the whole body as it came, other top-level members among it
  std::string_view raw() const noexcept { return *body(); }
  /// @return the same, for keeping it beyond the payload's life
  const std::shared_ptr<const std::string>& body() const noexcept { return data_.json().body(); }

 private:
  Data data_;
};

using EventCreated = Payload<WebhookEvent::event_created, CalendarEvent>;  ///< E1
using EventDeleted = Payload<WebhookEvent::event_deleted, CalendarEvent>;  ///< E2
using EventUpdated = Payload<WebhookEvent::event_updated, CalendarEvent>;  ///< E3; a status change counts
using InvoiceCreated = Payload<WebhookEvent::invoice_created, Invoice>;    ///< E4
using InvoiceDeleted = Payload<WebhookEvent::invoice_deleted, Invoice>;    ///< E5: only drafts are deleted
using InvoiceUpdated = Payload<WebhookEvent::invoice_updated, Invoice>;    ///< E6; a status change counts
using OfferCreated = Payload<WebhookEvent::offer_created, Offer>;          ///< E7
using OfferDeleted = Payload<WebhookEvent::offer_deleted, Offer>;          ///< E8
using OfferUpdated = Payload<WebhookEvent::offer_updated, Offer>;          ///< E9; a status change counts

/// A push of a webhook event that this version does not know (E10): no error. Its `data` may be any JSON value.
class UnknownPayload {
 public:
  /// parse() makes payloads; tests may too.
  /// @param event_name see event_name()
  /// @param data the value of the member `data`
  UnknownPayload(std::string event_name, RawJson data) : event_name_(std::move(event_name)), data_(std::move(data)) {}

  /// @return the name as sent, escapes resolved; may be empty, of any length, and hold any character: untrusted
  const std::string& event_name() const noexcept { return event_name_; }

  /// See RawJson::value() for lifetime (of copies too), exactness and what it throws.
  /// @return the DOM of `data`
  const boost::json::value& data() const { return data_.value(); }
  /// @return `data` as it came; it lives as long as this object
  const RawJson& json() const noexcept { return data_; }

  /// @return the whole body as it came, other top-level members among it
  std::string_view raw() const noexcept { return *body(); }
  /// @return the same, for keeping it beyond the payload's life
  const std::shared_ptr<const std::string>& body() const noexcept { return data_.body(); }

 private:
  std::string event_name_;
  RawJson data_;
};

/// Any push. The alternative of a known webhook event has the event's number as its index.
using AnyPayload = std::variant<EventCreated, EventDeleted, EventUpdated, InvoiceCreated, InvoiceDeleted,
                                InvoiceUpdated, OfferCreated, OfferDeleted, OfferUpdated, UnknownPayload>;

/// Any push about one kind of entity: AnyOf<Invoice>.
template <class Data>
using AnyOf = std::variant<Payload<webhook_event(Data::family, Change::created), Data>,
                           Payload<webhook_event(Data::family, Change::deleted), Data>,
                           Payload<webhook_event(Data::family, Change::updated), Data>>;

/// What parse() gives: `if (result)`, `*result`, result.error(). None of these throws; value() does, PayloadException.
using ParseResult = boost::system::result<AnyPayload, ParseError>;

/// Reads the body of a push. Accepted is every JSON text (RFC 8259, valid UTF-8) that is one object with exactly one
/// `event`, a string, and exactly one `data`; when `event` names a known webhook event, `data` is an object with
/// exactly one `id`, a UUID of any version. Not an error: other top-level members, even repeated ones; unknown webhook
/// events (E10); unknown fields of an entity (T4); a missing or malformed `orgId`, `createdAt`, `lastUpdatedAt` (T3);
/// an escaped lone surrogate or a number of any size, which JavaScript senders produce. Every other body gives a
/// ParseError with the code, byte offset and member of what is wrong. Never throws for any bytes; std::bad_alloc when
/// memory is out. Thread-safe.
/// @param bytes the body; copied
/// @param limits how much is read at most
/// @return the push, or why there is none
[[nodiscard]] ParseResult parse(std::string_view bytes, ParseLimits limits = {});

/// The same without a copy of the bytes.
/// @param bytes the body; shared, and not to be changed by anyone as long as the payload lives; null counts as no bytes
/// @param limits how much is read at most
/// @return the push, or why there is none
[[nodiscard]] ParseResult parse(std::shared_ptr<const std::string> bytes, ParseLimits limits = {});

// What is asked of any push, whatever its type. Views and pointers live as long as the payload.

/// @param payload any push
/// @return the webhook event; nullopt when this version does not know it (E10)
std::optional<WebhookEvent> known_event(const AnyPayload& payload) noexcept;

/// @param payload any push
/// @return the name of the webhook event, known or not
std::string_view event_name(const AnyPayload& payload) noexcept;

/// @param payload any push
/// @return the entity of a known webhook event; null for an unknown one
const Entity* entity(const AnyPayload& payload) noexcept;

/// @param payload any push
/// @return the header of the entity; null for an unknown webhook event
const EntityHeader* header(const AnyPayload& payload) noexcept;

/// @param payload any push
/// @return the `id` of the entity (T1); nullopt for an unknown webhook event, whatever its data hold
std::optional<Uuid> entity_id(const AnyPayload& payload) noexcept;

/// @param payload any push
/// @return the bytes as they came
std::shared_ptr<const std::string> body(const AnyPayload& payload) noexcept;

// The same for the pushes about one kind of entity.

/// @param payload any push about this kind of entity
/// @return the entity, as the type that it has
template <class Data>
const Data& entity(const AnyOf<Data>& payload) noexcept {
  return std::visit([](const auto& push) -> const Data& { return push.data(); }, payload);
}

/// @param payload any push about this kind of entity
/// @return the webhook event that it is
template <class Data>
WebhookEvent known_event(const AnyOf<Data>& payload) noexcept {
  return std::visit([](const auto& push) { return push.event; }, payload);
}

/// @cond  A typed payload would turn into a temporary AnyPayload, to which a view or pointer must not lead.
template <WebhookEvent E, class Data>
std::string_view event_name(const Payload<E, Data>& payload) = delete;
std::string_view event_name(const UnknownPayload& payload) = delete;
template <WebhookEvent E, class Data>
const Entity* entity(const Payload<E, Data>& payload) = delete;
template <WebhookEvent E, class Data>
const EntityHeader* header(const Payload<E, Data>& payload) = delete;
/// @endcond

}  // namespace prospero::webhooks

#pragma GCC visibility pop
