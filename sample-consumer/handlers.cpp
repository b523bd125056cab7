#include "handlers.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <variant>

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

/// What a line tells about a push.
struct Handled {
  std::string event;
  bool known = true;
  std::string entity_id;   ///< empty for an unknown webhook event
  std::string changed_at;  ///< empty when the entity does not say
  std::string reread;      ///< what a re-read found, or why there was none; empty when none was called for
};

/// Tells when it goes out of scope, whether the handler has returned or thrown.
class Stopwatch {
 public:
  explicit Stopwatch(const Took& took) : took_(took) {}
  ~Stopwatch() {
    if (took_) took_(std::chrono::steady_clock::now() - start_);
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  const Took& took_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
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
  if (!handled.reread.empty()) line += " ambiguous, " + handled.reread + ",";
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
                                      {"freshness", pw::to_text(how.freshness)},
                                      {"reread", or_null(handled.reread)},
                                      {"msSinceReceived", ms_since(how.received_at)}});
}

/// A handler for one kind of entity: `push` is typed, so push.data() has the entity's own type and fields.
template <class Data>
Handled describe(const pw::AnyOf<Data>& push) {
  const Data& entity = pw::entity<Data>(push);
  Handled handled{std::string(pw::to_text(pw::known_event<Data>(push))), true, pw::to_text(entity.id()), {}, {}};
  if (const auto& changed = entity.last_updated_at()) handled.changed_at = pw::to_text(*changed);
  return handled;
}

/// Nobody can tell from pushes which change is the latest, so what is true now is read. Says what was found; an
/// application would store it.
std::string reread_entity(const pw::Entity& entity, pw::Family family, pw::Delivery& how, const Reread& reread) {
  if (how.freshness != pw::Freshness::ambiguous) return {};
  if (!reread) return "not re-read without --api";
  if (!entity.org_id()) return "not re-read as it names no orgId";
  const pw::Observation found = reread(family, *entity.org_id(), entity.id(), how.stop_token);
  if (found.gone) {
    how.observed_gone();
    return "re-read: gone";
  }
  if (!found.changed_at) return "re-read: without a time";
  how.observed(*found.changed_at);
  return "re-read: changed=" + pw::to_text(*found.changed_at);
}

}  // namespace

std::string printable(std::string_view text, std::size_t bytes_max) {
  std::string shown;
  for (const char c : text.substr(0, bytes_max)) {
    if (c >= ' ' && c < '\x7f' && c != '\\')
      shown += c;
    else
      shown += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
  }
  if (text.size() > bytes_max) shown += "...";
  return shown;
}

pw::Dispatcher make_dispatcher(LogFormat format, LineSink sink, Reread reread, Took took) {
  const auto tell = [format, sink = std::move(sink)](const Handled& handled, const pw::Delivery& how) {
    sink(format == LogFormat::json ? as_json(handled, how) : as_text(handled, how));
  };
  pw::Dispatcher dispatcher{[tell, took](const pw::AnyPayload& payload, pw::Delivery& how, pw::Known known) {
    const Stopwatch timed(took);
    tell({printable(pw::event_name(payload)), known == pw::Known::yes, {}, {}, {}}, how);
  }};
  const auto handle = [tell, took = std::move(took), reread = std::move(reread)](auto handled, const pw::Entity& entity,
                                                                                 pw::Family family, pw::Delivery& how) {
    const Stopwatch timed(took);
    handled.reread = reread_entity(entity, family, how, reread);
    tell(handled, how);
  };
  dispatcher.follow<pw::CalendarEvent>([handle](const pw::AnyOf<pw::CalendarEvent>& push, pw::Delivery& how) {
    handle(describe<pw::CalendarEvent>(push), pw::entity<pw::CalendarEvent>(push), pw::Family::calendar_event, how);
  });
  dispatcher.follow<pw::Invoice>([handle](const pw::AnyOf<pw::Invoice>& push, pw::Delivery& how) {
    handle(describe<pw::Invoice>(push), pw::entity<pw::Invoice>(push), pw::Family::invoice, how);
  });
  dispatcher.follow<pw::Offer>([handle](const pw::AnyOf<pw::Offer>& push, pw::Delivery& how) {
    handle(describe<pw::Offer>(push), pw::entity<pw::Offer>(push), pw::Family::offer, how);
  });
  return dispatcher;
}

}  // namespace consumer
