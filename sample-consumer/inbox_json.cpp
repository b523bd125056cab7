#include "inbox_json.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "handlers.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

constexpr std::size_t error_bytes_max = 1'000;

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

}  // namespace

std::string to_text(pw::InboxTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

std::string webhook_of(const pw::Gap& gap) {
  return gap.source.empty() ? "the webhook" : fmt::format("the webhook of {}", printable(gap.source));
}

std::string log_line(const pw::Gap& gap) {
  const std::string from = to_text(gap.from), to = to_text(gap.to);
  if (gap.reason == pw::GapReason::down)
    return fmt::format(
        "pushes of {} to {} may be lost, the consumer was down for every attempt (R4): list in Prospero's API what "
        "changed since then",
        from, to);
  return fmt::format(
      "no push was stored from {} to {}: {} may have been disabled (X1); ask Prospero's staff, and list in Prospero's "
      "API what changed since then",
      from, to, webhook_of(gap));
}

json::object to_json(const pw::InboxRow& row) {
  return {{"seq", row.seq},
          {"identity", row.identity.hex()},
          {"event", or_null(row.event)},
          {"family", or_null(row.family)},
          {"entityId", or_null(row.entity_id)},
          {"receivedAt", to_text(row.received_at)},
          {"state", pw::to_text(row.state)},
          {"freshness", row.freshness ? json::value(pw::to_text(*row.freshness)) : json::value()},
          {"tries", row.tries},
          {"copies", row.copies},
          {"error", row.error.empty() ? json::value() : json::value(printable(row.error, error_bytes_max))}};
}

json::object to_json(const pw::Gap& gap) {
  return {{"from", to_text(gap.from)},
          {"to", to_text(gap.to)},
          {"reason", pw::to_text(gap.reason)},
          {"source", gap.source.empty() ? json::value() : json::value(gap.source)},
          {"told", gap.told}};
}

}  // namespace consumer
