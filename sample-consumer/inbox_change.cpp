#include "inbox_change.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <boost/json.hpp>
#include <optional>
#include <prospero/webhooks/payload/event.hpp>
#include <prospero/webhooks/payload/types.hpp>

#include "config.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;
using Kind = pw::RowSelection::Kind;
using Verb = InboxChange::Verb;

constexpr std::int64_t age_max_ms = 100LL * 365 * 86'400'000;
constexpr time_t wait_max_s = 600;  // a purge of millions of rows

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::named:
      return "named";
    case Kind::dead:
      return "dead";
    case Kind::quarantined:
      return "quarantined";
    case Kind::unknown:
      return "unknown";
  }
  return "named";
}

Kind kind_from(std::string_view name) {
  for (const Kind kind : {Kind::dead, Kind::quarantined, Kind::unknown})
    if (name_of(kind) == name) return kind;
  throw ConfigError("\"all\" is \"dead\", \"quarantined\" or \"unknown\"");
}

Verb verb_from(const std::string& name) {
  for (const Verb verb : {Verb::retry, Verb::replay, Verb::purge, Verb::erase})
    if (to_text(verb) == name) return verb;
  throw ConfigError("there is no such change: " + name);
}

json::object parsed(const std::string& body) {
  json::error_code error;
  json::value value = json::parse(body, error);
  if (error || !value.is_object()) throw ConfigError("the body is no JSON object");
  return std::move(value.get_object());
}

pw::RowSelection rows_from(const json::object& body) {
  pw::RowSelection rows;
  if (const auto* all = body.if_contains("all"); all != nullptr && all->is_string()) {
    rows.kind = kind_from(std::string_view(all->get_string()));
    return rows;
  }
  const auto* named = body.if_contains("rows");
  if (named == nullptr || !named->is_array() || named->get_array().empty())
    throw ConfigError("name rows: {\"rows\": [1, 2]} or {\"all\": \"dead\"}");
  for (const json::value& seq : named->get_array()) {
    if (!seq.is_int64() || seq.get_int64() < 1) throw ConfigError("rows are numbers from 1");
    rows.seqs.push_back(static_cast<std::uint64_t>(seq.get_int64()));
  }
  return rows;
}

std::string text_member(const json::object& body, const char* name) {
  const auto* member = body.if_contains(name);
  if (member == nullptr || !member->is_string()) throw ConfigError(fmt::format("\"{}\" is missing", name));
  return std::string(member->get_string());
}

}  // namespace

std::string_view to_text(Verb verb) noexcept {
  switch (verb) {
    case Verb::retry:
      return "retry";
    case Verb::replay:
      return "replay";
    case Verb::purge:
      return "purge";
    case Verb::erase:
      return "erase";
  }
  return "retry";
}

pw::InboxState settled_state_from(const std::string& name) {
  for (const auto state :
       {pw::InboxState::processed, pw::InboxState::copy, pw::InboxState::quarantined, pw::InboxState::dead})
    if (pw::to_text(state) == name) return state;
  throw ConfigError("the state of a settled row is \"processed\", \"copy\", \"quarantined\" or \"dead\"");
}

void set_entity(InboxChange& change, const std::string& text) {
  const auto slash = text.find('/');
  change.family = text.substr(0, slash);
  change.entity_id = slash == std::string::npos ? "" : text.substr(slash + 1);
  if (!pw::family_from_text(change.family) || !pw::Uuid::from_text(change.entity_id))
    throw ConfigError(fmt::format("{}: name an entity as event/UUID, invoice/UUID or offer/UUID", text));
}

std::string to_body(const InboxChange& change) {
  json::object body;
  switch (change.verb) {
    case Verb::retry:
    case Verb::replay:
      if (change.rows.kind == Kind::named)
        body["rows"] = json::array(change.rows.seqs.begin(), change.rows.seqs.end());
      else
        body["all"] = name_of(change.rows.kind);
      break;
    case Verb::purge:
      body["olderThanMs"] = change.older_than.count();
      if (change.state) body["state"] = pw::to_text(*change.state);
      break;
    case Verb::erase:
      body["family"] = change.family;
      body["entityId"] = change.entity_id;
      break;
  }
  return json::serialize(body);
}

InboxChange inbox_change_from(const std::string& verb, const std::string& text) {
  InboxChange change;
  change.verb = verb_from(verb);
  const json::object body = parsed(text);
  switch (change.verb) {
    case Verb::retry:
    case Verb::replay:
      change.rows = rows_from(body);
      break;
    case Verb::purge: {
      const auto* age = body.if_contains("olderThanMs");
      if (age == nullptr || !age->is_int64() || age->get_int64() < 0 || age->get_int64() > age_max_ms)
        throw ConfigError("\"olderThanMs\" is a number from 0");
      change.older_than = std::chrono::milliseconds(age->get_int64());
      if (body.contains("state")) change.state = settled_state_from(text_member(body, "state"));
      break;
    }
    case Verb::erase:
      set_entity(change, text_member(body, "family") + "/" + text_member(body, "entityId"));
      break;
  }
  return change;
}

namespace {

Changed told(const pw::Changed& changed) {
  return {changed.rows, 0, changed.unreadable};
}

std::uint64_t number_or_zero(const json::object& body, std::string_view name) {
  const auto* number = body.if_contains(name);
  return number != nullptr && number->is_int64() ? static_cast<std::uint64_t>(number->get_int64()) : 0;
}

}  // namespace

Changed carry_out(const InboxChange& change, pw::Inbox& inbox) {
  switch (change.verb) {
    case Verb::retry:
      return told(inbox.retry(change.rows));
    case Verb::replay:
      return told(inbox.replay(change.rows));
    case Verb::purge:
      return told(inbox.purge(
          std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - change.older_than,
          change.state));
    case Verb::erase: {
      const pw::Erased erased = inbox.erase(change.family, change.entity_id);
      return {erased.bodies, erased.unsearched, 0};
    }
  }
  return {};
}

Changed carry_out(const InboxChange& change, const std::string& admin_url, const std::string& token) {
  const auto end = admin_url.find_last_not_of('/');
  httplib::Client client(admin_url.substr(0, end == std::string::npos ? 0 : end + 1));
  client.set_read_timeout(wait_max_s);
  if (!token.empty()) client.set_bearer_token_auth(token.c_str());
  const auto answer =
      client.Post(("/inbox/" + std::string(to_text(change.verb))).c_str(), to_body(change), "application/json");
  if (!answer)
    throw ConfigError(fmt::format("--admin {}: no answer ({}); is the consumer running there?", admin_url,
                                  httplib::to_string(answer.error())));
  const json::object body = parsed(answer->body);
  if (answer->status != 200) {
    const auto* error = body.if_contains("error");
    throw ConfigError(error != nullptr && error->is_string() ? std::string(error->get_string())
                                                             : fmt::format("--admin answered {}", answer->status));
  }
  const auto* changed = body.if_contains("changed");
  if (changed == nullptr || !changed->is_int64()) throw ConfigError("--admin: not the admin API of a consumer");
  return {static_cast<std::uint64_t>(changed->get_int64()), number_or_zero(body, "unsearched"),
          number_or_zero(body, "unreadable")};
}

}  // namespace consumer
