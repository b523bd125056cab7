#include "admin_routes.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <utility>

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

constexpr std::uint64_t limit_default = 100;
constexpr std::uint64_t limit_max = 1'000;
constexpr std::chrono::milliseconds probe_max{1'000};

AdminAnswer with_json(int status, const json::value& value) {
  return {status, json::serialize(value) + "\n", "application/json", {}};
}

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

/// "2026-11-24T02:00:00.000Z"
std::string to_text(pw::InboxTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

json::object item(const pw::InboxRow& row) {
  return {{"seq", row.seq},
          {"identity", row.identity.hex()},
          {"event", or_null(row.event)},
          {"entityId", or_null(row.entity_id)},
          {"receivedAt", to_text(row.received_at)},
          {"state", pw::to_text(row.state)},
          {"freshness", or_null(row.freshness)},
          {"tries", row.tries},
          {"copies", row.copies}};
}

/// The number in the query, `otherwise` without one, nothing when it is no number from 1 to `max`.
std::optional<std::uint64_t> number(const std::map<std::string, std::string>& query, const char* name,
                                    std::uint64_t otherwise, std::uint64_t max) {
  const auto found = query.find(name);
  if (found == query.end()) return otherwise;
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > max) return std::nullopt;
  return value;
}

bool is_this_machine(std::string host) {
  const auto colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
  const bool ipv4_loopback = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || ipv4_loopback;
}

bool equal_in_constant_time(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

AdminAnswer admin_error(int status, const std::string& text) {
  return with_json(status, json::object{{"status", status}, {"error", text}});
}

AdminRoutes::AdminRoutes(pw::Inbox& inbox, AdminAccess access, std::function<bool()> draining, AdminSources sources)
    : inbox_(inbox), access_(std::move(access)), draining_(std::move(draining)), sources_(std::move(sources)) {}

AdminAnswer AdminRoutes::answer(const AdminRequest& request) const {
  if (access_.only_loopback && !is_this_machine(request.host))
    return admin_error(403, "the Host is not this machine: use localhost, 127.0.0.1 or [::1]");
  if (!access_.token.empty() && !equal_in_constant_time(request.authorization, "Bearer " + access_.token))
    return admin_error(401, "send Authorization: Bearer with the admin token");
  const std::string& path = request.path;
  const bool known = path == "/healthz" || path == "/readyz" || path == "/inbox" || path == "/witness" ||
                     (path == "/metrics" && sources_.metrics);
  if (!known) return admin_error(404, "there are /healthz, /readyz, /metrics, /inbox and /witness");
  if (request.method != "GET" && request.method != "HEAD") {
    AdminAnswer refusal = admin_error(405, "only GET and HEAD are accepted here");
    refusal.allow = "GET, HEAD";
    return refusal;
  }
  try {
    if (path == "/healthz") return with_json(200, json::object{{"status", "ok"}});
    if (path == "/readyz") return readiness();
    if (path == "/metrics") return {200, sources_.metrics(), "text/plain; version=0.0.4; charset=utf-8", {}};
    return path == "/inbox" ? inbox_page(request.query) : witness();
  } catch (const pw::InboxError& error) {
    return admin_error(503, error.what());
  }
}

AdminAnswer AdminRoutes::readiness() const {
  if (draining_()) return admin_error(503, "stopping");
  if (const auto why = sources_.unready ? sources_.unready() : std::nullopt) return admin_error(503, *why);
  const pw::StoreResult probed = inbox_.probe(probe_max);
  if (!probed.durable()) return admin_error(503, "the inbox cannot store a push: " + probed.error);
  return with_json(200, json::object{{"status", "ready"}});
}

AdminAnswer AdminRoutes::inbox_page(const std::map<std::string, std::string>& query) const {
  const auto limit = number(query, "limit", limit_default, limit_max);
  if (!limit) return admin_error(400, fmt::format("limit is a number from 1 to {}", limit_max));
  const bool has_cursor = query.contains("cursor");
  const auto cursor = number(query, "cursor", 1, INT64_MAX);
  if (!cursor) return admin_error(400, "cursor is the `next` of the page before");
  const pw::InboxPage page = inbox_.list(has_cursor ? cursor : std::nullopt, *limit);
  json::array items;
  for (const pw::InboxRow& row : page.rows) items.push_back(item(row));
  return with_json(200, {{"items", std::move(items)}, {"next", page.next ? json::value(*page.next) : json::value()}});
}

AdminAnswer AdminRoutes::witness() const {
  AdminAnswer lines{200, {}, "application/x-ndjson", {}};
  inbox_.witness([&](const pw::WitnessLine& line) {
    lines.body += json::serialize(json::object{{"identity", line.identity.hex()},
                                               {"event", or_null(line.event)},
                                               {"entityId", or_null(line.entity_id)},
                                               {"result", pw::to_text(line.result)},
                                               {"freshness", or_null(line.freshness)},
                                               {"times", line.times}}) +
                  "\n";
  });
  return lines;
}

}  // namespace consumer
