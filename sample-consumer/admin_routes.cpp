#include "admin_routes.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "config.hpp"
#include "inbox_change.hpp"
#include "inbox_json.hpp"

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

json::value or_null(const std::optional<pw::Freshness>& freshness) {
  return freshness ? json::value(pw::to_text(*freshness)) : json::value();
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

bool equal_in_constant_time(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

bool is_this_machine(std::string host) {
  const auto colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
  const bool ipv4_loopback = host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || ipv4_loopback;
}

AdminAnswer admin_error(int status, const std::string& text) {
  return with_json(status, json::object{{"status", status}, {"error", text}});
}

namespace {

AdminAnswer wrong_method(const std::string& allowed) {
  AdminAnswer refusal = admin_error(405, "only " + allowed + " is accepted here");
  refusal.allow = allowed;
  return refusal;
}

}  // namespace

AdminRoutes::AdminRoutes(pw::Inbox& inbox, AdminAccess access, std::function<std::string()> why_not_ready,
                         std::function<std::string()> metrics)
    : inbox_(inbox),
      access_(std::move(access)),
      why_not_ready_(std::move(why_not_ready)),
      metrics_(std::move(metrics)) {}

AdminAnswer AdminRoutes::answer(const AdminRequest& request) const {
  if (access_.only_loopback && !is_this_machine(request.host))
    return admin_error(403, "the Host is not this machine: use localhost, 127.0.0.1 or [::1]");
  if (!access_.token.empty() && !equal_in_constant_time(request.authorization, "Bearer " + access_.token))
    return admin_error(401, "send Authorization: Bearer with the admin token");
  try {
    if (is_change(request.path)) return change(request);
    return look(request);
  } catch (const pw::InboxError& error) {
    return admin_error(503, error.what());
  }
}

void AdminRoutes::stop() {
  stopping_ = true;
  inbox_.stop_changes();
}

bool AdminRoutes::is_change(const std::string& path) {
  return path == "/inbox/retry" || path == "/inbox/replay" || path == "/inbox/purge" || path == "/inbox/erase";
}

AdminAnswer AdminRoutes::look(const AdminRequest& request) const {
  const std::string& path = request.path;
  const bool known = path == "/healthz" || path == "/readyz" || path == "/inbox" || path == "/inbox/gaps" ||
                     path == "/witness" || (path == "/metrics" && metrics_);
  if (!known) return admin_error(404, "there are /healthz, /readyz, /metrics, /inbox, /inbox/gaps and /witness");
  if (request.method != "GET" && request.method != "HEAD") return wrong_method("GET, HEAD");
  if (path == "/healthz") return with_json(200, json::object{{"status", "ok"}});
  if (path == "/readyz") return readiness();
  if (path == "/metrics") return {200, metrics_(), "text/plain; version=0.0.4; charset=utf-8", {}};
  if (path == "/inbox/gaps") return gaps();
  return path == "/inbox" ? inbox_page(request.query) : witness();
}

// Nothing that a web page can send without asking first: its own media type, and no Origin.
AdminAnswer AdminRoutes::change(const AdminRequest& request) const {
  if (request.method != "POST") return wrong_method("POST");
  if (!request.origin.empty()) return admin_error(403, "requests of web pages are refused");
  if (request.content_type.substr(0, request.content_type.find(';')) != "application/json")
    return admin_error(415, "send Content-Type: application/json");
  try {
    const auto wanted = inbox_change_from(request.path.substr(request.path.rfind('/') + 1), request.body);
    const Changed changed = carry_out(wanted, inbox_);
    json::object told{{"changed", changed.count}};
    if (changed.unsearched > 0) told["unsearched"] = changed.unsearched;
    if (changed.unreadable > 0) told["unreadable"] = changed.unreadable;
    return with_json(200, told);
  } catch (const ConfigError& error) {
    return admin_error(400, error.what());
  } catch (const pw::InboxError& error) {
    return admin_error(stopping_ ? 503 : 409, error.what());
  }
}

AdminAnswer AdminRoutes::gaps() const {
  json::array items;
  for (const pw::Gap& gap :
       inbox_.gaps(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())))
    items.push_back(to_json(gap));
  return with_json(200, {{"items", std::move(items)}, {"next", nullptr}});
}

AdminAnswer AdminRoutes::readiness() const {
  if (const std::string why = why_not_ready_(); !why.empty()) return admin_error(503, why);
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
  for (const pw::InboxRow& row : page.rows) items.push_back(to_json(row));
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
