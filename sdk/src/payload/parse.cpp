#include <algorithm>
#include <prospero/webhooks/payload/payload.hpp>

#include "escapes.hpp"
#include "scan.hpp"

#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

using detail::MemberPlace;
using detail::Places;

constexpr std::size_t bytes_cap = std::size_t{1} << 30;
constexpr std::size_t depth_cap = 1000;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

ParseLimits capped(ParseLimits limits) noexcept {
  return {std::min(limits.bytes_max, bytes_cap), std::min(limits.depth_max, depth_cap)};
}

// What is told of a text that scan() found a fault in: the byte order mark and invalid UTF-8 anywhere come first.
ParseError not_json(const std::string& text, const detail::Fault& fault) {
  if (text.starts_with(byte_order_mark)) return {PayloadErrc::byte_order_mark, 0};
  if (const auto offset = detail::first_invalid_utf8(text)) return {PayloadErrc::invalid_utf8, *offset};
  return {fault.code, fault.offset};
}

// What stands between the quotes of a member that is a string.
std::string_view raw_string(const std::string& body, const MemberPlace& place) noexcept {
  return std::string_view{body}.substr(place.value_begin + 1, place.value_end - place.value_begin - 2);
}

// The value of a member, read by `from`; nullopt unless there is exactly one, which is a string that `from` accepts.
template <class Value>
std::optional<Value> read(const std::string& body, const MemberPlace& place,
                          std::optional<Value> (*from)(std::string_view)) {
  if ((place.count != 1 && !PROSPERO_FAULT(T1_a_second_id_is_not_seen)) || body[place.value_begin] != '"')
    return std::nullopt;
  const std::string_view raw = raw_string(body, place);
  const std::optional<Value> value = from(raw);
  return value || raw.find('\\') == raw.npos ? value : from(detail::unescaped(raw));
}

// What keeps a JSON text from being any push, in the order of the codes; nullopt for a push.
std::optional<PayloadErrc> why_not_a_push(const std::string& body, const Places& at) {
  if (body[at.outermost] != '{') return PayloadErrc::not_an_object;
  if (at.event.count == 0) return PayloadErrc::event_missing;
  if (at.event.count > 1) return PayloadErrc::event_repeated;
  if (body[at.event.value_begin] != '"') return PayloadErrc::event_not_a_string;
  if (at.data.count == 0) return PayloadErrc::data_missing;
  if (at.data.count > 1 && !PROSPERO_FAULT(D1_second_data_hides_the_first)) return PayloadErrc::data_repeated;
  return std::nullopt;
}

// The same for what a known webhook event asks of the entity; `id` is what was read of it.
std::optional<PayloadErrc> why_not_an_entity(const std::string& body, const Places& at, const std::optional<Uuid>& id) {
  if (id) return std::nullopt;
  if (body[at.data.value_begin] != '{') return PayloadErrc::data_not_an_object;
  if (at.id.count == 0) return PayloadErrc::id_missing;
  if (at.id.count > 1) return PayloadErrc::id_repeated;
  return body[at.id.value_begin] == '"' ? PayloadErrc::id_not_a_uuid : PayloadErrc::id_not_a_string;
}

// The same with its place. Only codes of the two functions above have one here.
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

template <class Push>
ParseResult push(const EntityHeader& header, RawJson data) {
  using Data = typename Push::DataType;
  return ParseResult{boost::system::in_place_value, std::in_place_type<Push>, Data{header, std::move(data)}};
}

ParseResult known_push(WebhookEvent event, const EntityHeader& header, RawJson data) {
  switch (event) {
    case WebhookEvent::event_created:
      if (PROSPERO_FAULT(E1_has_the_type_of_another)) return push<EventUpdated>(header, std::move(data));
      return push<EventCreated>(header, std::move(data));
    case WebhookEvent::event_deleted:
      if (PROSPERO_FAULT(E2_has_the_type_of_another)) return push<EventUpdated>(header, std::move(data));
      return push<EventDeleted>(header, std::move(data));
    case WebhookEvent::event_updated:
      if (PROSPERO_FAULT(E3_has_the_type_of_another)) return push<EventCreated>(header, std::move(data));
      return push<EventUpdated>(header, std::move(data));
    case WebhookEvent::invoice_created:
      if (PROSPERO_FAULT(E4_has_the_type_of_another)) return push<InvoiceUpdated>(header, std::move(data));
      return push<InvoiceCreated>(header, std::move(data));
    case WebhookEvent::invoice_deleted:
      if (PROSPERO_FAULT(E5_has_the_type_of_another)) return push<InvoiceUpdated>(header, std::move(data));
      return push<InvoiceDeleted>(header, std::move(data));
    case WebhookEvent::invoice_updated:
      if (PROSPERO_FAULT(E6_has_the_type_of_another)) return push<InvoiceCreated>(header, std::move(data));
      return push<InvoiceUpdated>(header, std::move(data));
    case WebhookEvent::offer_created:
      if (PROSPERO_FAULT(E7_has_the_type_of_another)) return push<OfferUpdated>(header, std::move(data));
      return push<OfferCreated>(header, std::move(data));
    case WebhookEvent::offer_deleted:
      if (PROSPERO_FAULT(E8_has_the_type_of_another)) return push<OfferUpdated>(header, std::move(data));
      return push<OfferDeleted>(header, std::move(data));
    case WebhookEvent::offer_updated:
      break;
  }
  if (PROSPERO_FAULT(E9_has_the_type_of_another)) return push<OfferCreated>(header, std::move(data));
  return push<OfferUpdated>(header, std::move(data));
}

RawJson data_of(std::shared_ptr<const std::string> body, const Places& at) {
  return {std::move(body), at.data.value_begin, at.data.value_end - at.data.value_begin};
}

ParseError too_large(const ParseLimits& limits) {
  return {PayloadErrc::too_large, limits.bytes_max};
}

}  // namespace

ParseResult parse(std::shared_ptr<const std::string> bytes, ParseLimits limits) {
  limits = capped(limits);
  if (!bytes) bytes = std::make_shared<const std::string>();
  if (bytes->size() > limits.bytes_max) return too_large(limits);

  const auto [fault, at] = detail::scan(*bytes, limits.depth_max);
  if (fault) return not_json(*bytes, *fault);
  if (const auto code = why_not_a_push(*bytes, at)) return located(*code, at);

  const std::string_view raw_name = raw_string(*bytes, at.event);
  std::optional<WebhookEvent> event = webhook_event_from_text(raw_name);
  if (!event) {
    std::string name = detail::unescaped(raw_name);
    event = webhook_event_from_text(name);
    if (!event && PROSPERO_FAULT(E10_unknown_event_is_refused)) return located(PayloadErrc::event_missing, at);
    if (!event) return UnknownPayload{std::move(name), data_of(std::move(bytes), at)};
  }
  const std::optional<Uuid> id = read<Uuid>(*bytes, at.id, Uuid::from_text);
  if (const auto code = why_not_an_entity(*bytes, at, id)) return located(*code, at);
  if (PROSPERO_FAULT(T3_entity_without_org_id_is_refused) && at.org_id.count == 0)
    return located(PayloadErrc::id_missing, at);
  if (PROSPERO_FAULT(T3_malformed_time_refuses_the_push) && at.created_at.count == 1 &&
      !read<Timestamp>(*bytes, at.created_at, Timestamp::from_rfc3339))
    return located(PayloadErrc::field_malformed, at);
  if (PROSPERO_FAULT(T7_deleted_needs_more_than_its_id) && at.last_updated_at.count == 0 &&
      change_of(*event) == Change::deleted)
    return located(PayloadErrc::id_missing, at);
  const EntityHeader header{*id, read<Uuid>(*bytes, at.org_id, Uuid::from_text),
                            read<Timestamp>(*bytes, at.created_at, Timestamp::from_rfc3339),
                            read<Timestamp>(*bytes, at.last_updated_at, Timestamp::from_rfc3339)};
  return known_push(*event, header, data_of(std::move(bytes), at));
}

ParseResult parse(std::string_view bytes, ParseLimits limits) {
  limits = capped(limits);
  if (bytes.size() > limits.bytes_max) return too_large(limits);
  return parse(std::make_shared<const std::string>(bytes), limits);
}

}  // namespace prospero::webhooks
