#include "invariants.hpp"

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <prospero/webhooks/payload/payload.hpp>

namespace fuzz {
namespace {

namespace pw = prospero::webhooks;
using pw::ParseError;
using pw::PayloadCondition;
using pw::PayloadErrc;

template <class T, class Read>
bool agrees(const std::optional<T>& field, const boost::json::object& fields, std::string_view name, Read read) {
  if (!field) return true;  // absent, malformed or repeated: the second parser tells which
  const boost::json::value* const member = fields.if_contains(name);
  const boost::json::string* const text = member ? member->if_string() : nullptr;
  return text && read(std::string_view{*text}) == field;
}

std::string broken_by_entity(const pw::Entity& entity) {
  const boost::json::object& fields = entity.fields();
  if (!agrees(std::optional{entity.id()}, fields, "id", pw::Uuid::from_text)) return "the id is not the DOM's";
  if (!agrees(entity.org_id(), fields, "orgId", pw::Uuid::from_text)) return "the orgId is not the DOM's";
  if (!agrees(entity.created_at(), fields, "createdAt", pw::Timestamp::from_rfc3339)) {
    return "the createdAt is not the DOM's";
  }
  if (!agrees(entity.last_updated_at(), fields, "lastUpdatedAt", pw::Timestamp::from_rfc3339)) {
    return "the lastUpdatedAt is not the DOM's";
  }
  return {};
}

bool holds(std::string_view whole, std::string_view part) {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) && not_after(part.data() + part.size(), whole.data() + whole.size());
}

std::string broken_by_value(std::string_view bytes, const pw::AnyPayload& payload) {
  const auto body = pw::body(payload);
  if (!body || *body != bytes) return "the body is not kept as it came";
  if (pw::known_event(payload) != pw::webhook_event_from_text(pw::event_name(payload))) {
    return "the type is not that of the event's name";
  }
  const pw::Entity* const entity = pw::entity(payload);
  const pw::RawJson& data = entity ? entity->json() : std::get<pw::UnknownPayload>(payload).json();
  if (data.text().empty() || !holds(*body, data.text())) return "the text of data is not a part of the body";
  if (entity) return broken_by_entity(*entity);
  data.value();
  return {};
}

bool is_json(const pw::ParseResult& result) {
  return result.has_value() || result.error().code() == PayloadCondition::not_a_push;
}

// The bytes before the one that is at fault are good, and the fault is the same when nothing follows that byte.
std::string broken_by_place(std::string_view bytes, const ParseError& error) {
  const std::string_view before = bytes.substr(0, error.offset());
  if (error.errc() == PayloadErrc::incomplete && error.offset() != bytes.size()) return "incomplete before the end";
  if (error.errc() == PayloadErrc::trailing_bytes && !is_json(pw::parse(before))) return "no JSON before what trails";
  if (error.errc() != PayloadErrc::syntax && error.errc() != PayloadErrc::too_deep) return {};
  if (error.offset() == bytes.size()) return "the byte at fault is past the end";
  if (pw::parse(before).error() != ParseError{PayloadErrc::incomplete, before.size()}) {
    return "something is wrong before the byte at fault";
  }
  const ParseError cut = pw::parse(bytes.substr(0, error.offset() + 1)).error();
  const bool cut_sequence = cut == ParseError{PayloadErrc::invalid_utf8, error.offset()};
  return cut == error || cut_sequence ? "" : "the byte at fault is none when nothing follows";
}

std::string broken_by_error(std::string_view bytes, const ParseError& error) {
  if (error.code() == PayloadCondition::does_not_fit) return "refused with a code of the application's types";
  if (error.offset() > bytes.size()) return "the offset is outside the body";
  const bool of_a_member = error.code() == PayloadCondition::not_a_push && error.errc() != PayloadErrc::not_an_object;
  if (error.pointer().empty() == of_a_member) return "a pointer where none belongs, or none where one does";
  if (error.message().find('\n') != std::string::npos) return "the message is not one line";
  return broken_by_place(bytes, error);
}

bool same(const pw::ParseResult& a, const pw::ParseResult& b) {
  if (a.has_error() || b.has_error()) return a.has_error() && b.has_error() && a.error() == b.error();
  const pw::EntityHeader* const left = pw::header(*a);
  const pw::EntityHeader* const right = pw::header(*b);
  if (!left != !right || (left && *left != *right)) return false;
  return a->index() == b->index() && pw::event_name(*a) == pw::event_name(*b);
}

std::string broken_by_limits(std::string_view bytes, const pw::ParseResult& result) {
  const pw::ParseResult shallow = pw::parse(bytes, {.depth_max = 3});
  const bool deep = shallow.has_error() && shallow.error().errc() == PayloadErrc::too_deep;
  if (!deep && !same(shallow, result)) return "a lower limit of depth changes more than what it forbids";
  if (bytes.empty()) return {};
  const ParseError small = pw::parse(bytes, {.bytes_max = bytes.size() - 1}).error();
  return small == ParseError{PayloadErrc::too_large, bytes.size() - 1} ? "" : "the limit of size is not kept";
}

}  // namespace

std::string broken_promise(std::string_view body) {
  const pw::ParseResult result = pw::parse(body);
  if (!same(result, pw::parse(std::make_shared<const std::string>(body)))) return "the two forms of parse() differ";
  std::string broken = result ? broken_by_value(body, *result) : broken_by_error(body, result.error());
  return broken.empty() ? broken_by_limits(body, result) : broken;
}

}  // namespace fuzz
