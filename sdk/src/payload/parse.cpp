#include <algorithm>
#include <prospero/webhooks/payload/payload.hpp>

#include "grammar.hpp"
#include "json_passes.hpp"
#include "repair.hpp"
#include "utf8.hpp"

namespace prospero::webhooks {
namespace {

using detail::Facts;
using detail::Kind;
using detail::Places;

constexpr std::size_t bytes_cap = std::size_t{1} << 30;
constexpr std::size_t depth_cap = 1000;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

ParseLimits capped(ParseLimits limits) noexcept {
  return {std::min(limits.bytes_max, bytes_cap), std::min(limits.depth_max, depth_cap)};
}

// Why a text that scan() refuses is no JSON text in UTF-8 within the limits; nullopt when it is one all the same.
std::optional<ParseError> why_not_json(std::string_view text, std::size_t depth_max) {
  if (text.starts_with(byte_order_mark)) return ParseError{PayloadErrc::byte_order_mark, 0};
  if (const auto offset = detail::first_invalid_utf8(text)) return ParseError{PayloadErrc::invalid_utf8, *offset};
  const auto fault = detail::walk(text, depth_max).fault;
  if (fault) return ParseError{fault->code, fault->offset};
  return std::nullopt;
}

// What keeps a JSON text from being a push, in the order of the codes; nullopt for a push.
std::optional<PayloadErrc> why_not_a_push(const Facts& facts) {
  if (facts.outermost != Kind::object) return PayloadErrc::not_an_object;
  if (facts.event.count == 0) return PayloadErrc::event_missing;
  if (facts.event.count > 1) return PayloadErrc::event_repeated;
  if (facts.event.kind != Kind::string) return PayloadErrc::event_not_a_string;
  if (facts.data.count == 0) return PayloadErrc::data_missing;
  if (facts.data.count > 1) return PayloadErrc::data_repeated;
  if (!webhook_event_from_text(facts.event_name)) return std::nullopt;
  if (facts.data.kind != Kind::object) return PayloadErrc::data_not_an_object;
  if (facts.id.count == 0) return PayloadErrc::id_missing;
  if (facts.id.count > 1) return PayloadErrc::id_repeated;
  if (facts.id.kind != Kind::string) return PayloadErrc::id_not_a_string;
  if (!facts.id_is_uuid) return PayloadErrc::id_not_a_uuid;
  return std::nullopt;
}

// The same with its place. Only codes of why_not_a_push() have one here.
ParseError located(PayloadErrc code, const Places& at) {
  switch (code) {
    case PayloadErrc::event_missing:
      return {code, at.outermost, "/event"};
    case PayloadErrc::event_repeated:
      return {code, at.event.second_name, "/event"};
    case PayloadErrc::event_not_a_string:
      return {code, at.event.value_begin, "/event"};
    case PayloadErrc::data_missing:
      return {code, at.outermost, "/data"};
    case PayloadErrc::data_repeated:
      return {code, at.data.second_name, "/data"};
    case PayloadErrc::data_not_an_object:
      return {code, at.data.value_begin, "/data"};
    case PayloadErrc::id_missing:
      return {code, at.data.value_begin, "/data/id"};
    case PayloadErrc::id_repeated:
      return {code, at.id.second_name, "/data/id"};
    case PayloadErrc::id_not_a_string:
    case PayloadErrc::id_not_a_uuid:
      return {code, at.id.value_begin, "/data/id"};
    case PayloadErrc::not_an_object:
    case PayloadErrc::too_large:
    case PayloadErrc::too_deep:
    case PayloadErrc::syntax:
    case PayloadErrc::incomplete:
    case PayloadErrc::trailing_bytes:
    case PayloadErrc::byte_order_mark:
    case PayloadErrc::invalid_utf8:
    case PayloadErrc::field_missing:
    case PayloadErrc::field_wrong_type:
    case PayloadErrc::field_out_of_range:
    case PayloadErrc::field_malformed:
      break;
  }
  return {code, at.outermost};
}

// Takes the place from `facts`, or finds it.
RawJson data_of(const std::shared_ptr<const std::string>& body, const Facts& facts, std::size_t depth_max) {
  if (facts.data_place) return {body, facts.data_place->begin, facts.data_place->size};
  const detail::MemberPlace data = detail::walk(*body, depth_max).places.data;
  return {body, data.value_begin, data.value_end - data.value_begin};
}

AnyPayload known_payload(WebhookEvent event, const EntityHeader& header, RawJson data) {
  switch (event) {
    case WebhookEvent::event_created:
      return EventCreated{{header, std::move(data)}};
    case WebhookEvent::event_deleted:
      return EventDeleted{{header, std::move(data)}};
    case WebhookEvent::event_updated:
      return EventUpdated{{header, std::move(data)}};
    case WebhookEvent::invoice_created:
      return InvoiceCreated{{header, std::move(data)}};
    case WebhookEvent::invoice_deleted:
      return InvoiceDeleted{{header, std::move(data)}};
    case WebhookEvent::invoice_updated:
      return InvoiceUpdated{{header, std::move(data)}};
    case WebhookEvent::offer_created:
      return OfferCreated{{header, std::move(data)}};
    case WebhookEvent::offer_deleted:
      return OfferDeleted{{header, std::move(data)}};
    case WebhookEvent::offer_updated:
      break;
  }
  return OfferUpdated{{header, std::move(data)}};
}

ParseError too_large(const ParseLimits& limits) {
  return {PayloadErrc::too_large, limits.bytes_max};
}

}  // namespace

ParseResult parse(std::shared_ptr<const std::string> bytes, ParseLimits limits) {
  limits = capped(limits);
  if (!bytes) bytes = std::make_shared<const std::string>();
  if (bytes->size() > limits.bytes_max) return too_large(limits);

  std::optional<Facts> facts = detail::scan(*bytes, limits.depth_max);
  if (!facts) {
    if (auto error = why_not_json(*bytes, limits.depth_max)) return std::move(*error);
    facts = detail::scan(detail::repaired(*bytes), limits.depth_max);
  }
  if (const auto code = why_not_a_push(facts.value())) {
    return located(*code, detail::walk(*bytes, limits.depth_max).places);
  }
  RawJson data = data_of(bytes, *facts, limits.depth_max);
  if (const auto event = webhook_event_from_text(facts->event_name)) {
    return known_payload(*event, facts->header, std::move(data));
  }
  return UnknownPayload{std::move(facts->event_name), std::move(data)};
}

ParseResult parse(std::string_view bytes, ParseLimits limits) {
  limits = capped(limits);
  if (bytes.size() > limits.bytes_max) return too_large(limits);
  return parse(std::make_shared<const std::string>(bytes), limits);
}

}  // namespace prospero::webhooks
