#include "handlers.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <variant>

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

constexpr std::size_t printed_bytes_max = 80;

/// What a line tells about a push.
struct Handled {
  std::string event;
  bool known = true;
  std::string entity_id;   ///< empty for an unknown webhook event
  std::string changed_at;  ///< empty when the entity does not say
};

long long ms_since(std::chrono::system_clock::time_point then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now() - then).count();
}

std::string as_text(const Handled& handled, const pw::Delivery& how) {
  std::string line = "handled " + handled.event;
  if (!handled.known) line += " (unknown to this version)";
  if (!handled.entity_id.empty()) line += " id=" + handled.entity_id;
  if (!handled.changed_at.empty()) line += " changed=" + handled.changed_at;
  if (!how.source.empty()) line += " source=" + how.source;
  if (how.seen_before) line += " seen-before";
  return line + fmt::format(" {} ms after it came in", ms_since(how.received_at));
}

json::value or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(text);
}

std::string as_json(const Handled& handled, const pw::Delivery& how) {
  return json::serialize(json::object{{"handled", handled.event},
                                      {"known", handled.known},
                                      {"entityId", or_null(handled.entity_id)},
                                      {"lastUpdatedAt", or_null(handled.changed_at)},
                                      {"source", how.source},
                                      {"seenBefore", how.seen_before},
                                      {"msSinceReceived", ms_since(how.received_at)}});
}

/// A handler for one kind of entity: `push` is typed, so push.data() has the entity's own type and fields.
template <class Data>
Handled describe(const pw::AnyOf<Data>& push) {
  const Data& entity = pw::entity<Data>(push);
  Handled handled{std::string(pw::to_text(pw::known_event<Data>(push))), true, pw::to_text(entity.id()), {}};
  if (const auto& changed = entity.last_updated_at()) handled.changed_at = pw::to_text(*changed);
  return handled;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, printed_bytes_max)) {
    if (c >= ' ' && c < '\x7f' && c != '\\')
      shown += c;
    else
      shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
  }
  if (text.size() > printed_bytes_max) shown += "...";
  return shown;
}

pw::Dispatcher make_dispatcher(LogFormat format, LineSink sink) {
  const auto tell = [format, sink = std::move(sink)](const Handled& handled, const pw::Delivery& how) {
    sink(format == LogFormat::json ? as_json(handled, how) : as_text(handled, how));
  };
  pw::Dispatcher dispatcher{[tell](const pw::AnyPayload& payload, pw::Delivery& how, pw::Known known) {
    tell({printable(pw::event_name(payload)), known == pw::Known::yes, {}, {}}, how);
  }};
  dispatcher.on_any<pw::CalendarEvent>([tell](const pw::AnyOf<pw::CalendarEvent>& push, pw::Delivery& how) {
    tell(describe<pw::CalendarEvent>(push), how);
  });
  dispatcher.on_any<pw::Invoice>(
      [tell](const pw::AnyOf<pw::Invoice>& push, pw::Delivery& how) { tell(describe<pw::Invoice>(push), how); });
  dispatcher.on_any<pw::Offer>(
      [tell](const pw::AnyOf<pw::Offer>& push, pw::Delivery& how) { tell(describe<pw::Offer>(push), how); });
  return dispatcher;
}

}  // namespace consumer
