#include "second_parser.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <prospero/webhooks/payload/payload.hpp>

namespace fuzz {
namespace {

namespace pw = prospero::webhooks;
using nlohmann::json;
using pw::PayloadErrc;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether an escape of a UTF-16 surrogate begins here.
bool is_surrogate(std::string_view text) {
  return text.size() >= 6 && text.starts_with("\\u") && (text[2] == 'd' || text[2] == 'D') &&
         std::string_view{"89abcdefABCDEF"}.find(text[3]) != std::string_view::npos &&
         std::isxdigit(static_cast<unsigned char>(text[4])) && std::isxdigit(static_cast<unsigned char>(text[5]));
}

// nlohmann refuses lone surrogates and numbers beyond double, which are grammatical, and takes a NUL for the end. A
// text that is one of JSON exactly if `text` is, without any of them: a surrogate becomes U+FFFD, a run of digits
// outside strings its first two, a NUL another control character.
std::string tame(std::string_view text) {
  std::string out;
  bool in_string = false;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      const bool surrogate = is_surrogate(text.substr(i));
      out += surrogate ? std::string_view{"\\ufffd"} : text.substr(i, 2);
      i += surrogate ? 5 : 1;
      continue;
    }
    if (text[i] == '"') in_string = !in_string;
    run = !in_string && is_digit(text[i]) ? run + 1 : 0;
    if (run <= 2) out += text[i] == '\0' ? '\x01' : text[i];
  }
  return out;
}

bool is_json(const pw::ParseResult& result) {
  return result.has_value() || result.error().code() == pw::PayloadCondition::not_a_push;
}

bool equal_numbers(const boost::json::value& ours, const json& theirs) {
  if (ours.is_int64()) return theirs.is_number_integer() && ours.get_int64() == theirs.get<std::int64_t>();
  if (ours.is_uint64()) return theirs.is_number_unsigned() && ours.get_uint64() == theirs.get<std::uint64_t>();
  return ours.is_double() && theirs.is_number_float() && ours.get_double() == theirs.get<double>() &&
         std::signbit(ours.get_double()) == std::signbit(theirs.get<double>());
}

bool equal(const boost::json::value& ours, const json& theirs) {
  if (theirs.is_null()) return ours.is_null();
  if (theirs.is_boolean()) return ours.is_bool() && ours.get_bool() == theirs.get<bool>();
  if (theirs.is_string()) {
    return ours.is_string() && std::string_view{ours.get_string()} == theirs.get_ref<const std::string&>();
  }
  if (theirs.is_array()) {
    return ours.is_array() &&
           std::equal(ours.get_array().begin(), ours.get_array().end(), theirs.begin(), theirs.end(), equal);
  }
  if (!theirs.is_object()) return equal_numbers(ours, theirs);
  if (!ours.is_object() || ours.get_object().size() != theirs.size()) return false;
  return std::all_of(ours.get_object().begin(), ours.get_object().end(), [&](const auto& member) {
    const auto found = theirs.find(std::string{member.key()});
    return found != theirs.end() && equal(member.value(), *found);
  });
}

using Counts = std::map<std::string, int, std::less<>>;

// How often each name stands in the outermost object.
Counts names_of(std::string_view text) {
  Counts counts;
  const auto count = [&](int depth, json::parse_event_t event, json& name) {
    if (event == json::parse_event_t::key && depth == 1) ++counts[name.get<std::string>()];
    return true;
  };
  const json ignored = json::parse(text, count);
  return counts;
}

int count_of(const Counts& counts, std::string_view name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

// Whether a member of the header is there exactly when it stands once in `data` and can be read.
template <class T, class Read>
bool agrees(const std::optional<T>& field, const json& data, const Counts& counts, std::string_view name, Read read) {
  const auto member = data.find(std::string{name});
  if (count_of(counts, name) != 1 || !member->is_string()) return !field;
  return read(member->template get_ref<const std::string&>()) == field;
}

std::string entity_disagreement(const pw::EntityHeader& header, const json& data, const Counts& counts) {
  if (count_of(counts, "id") != 1) return "there is not one id";
  if (!agrees(std::optional{header.id}, data, counts, "id", pw::Uuid::from_text)) return "the id differs";
  if (!agrees(header.org_id, data, counts, "orgId", pw::Uuid::from_text)) return "the orgId differs";
  if (!agrees(header.created_at, data, counts, "createdAt", pw::Timestamp::from_rfc3339)) return "createdAt differs";
  if (!agrees(header.last_updated_at, data, counts, "lastUpdatedAt", pw::Timestamp::from_rfc3339)) {
    return "lastUpdatedAt differs";
  }
  return {};
}

// `whole` is what nlohmann reads from the accepted `body`.
std::string value_disagreement(std::string_view body, const pw::AnyPayload& payload, const json& whole) {
  const Counts counts = names_of(body);
  if (count_of(counts, "event") != 1 || count_of(counts, "data") != 1) return "event or data does not stand once";
  if (pw::event_name(payload) != whole.at("event").get_ref<const std::string&>()) return "the event's name differs";
  const pw::Entity* const entity = pw::entity(payload);
  const pw::RawJson& data = entity ? entity->json() : std::get<pw::UnknownPayload>(payload).json();
  if (json::parse(data.text()) != whole.at("data")) return "the text of data is not that of data";
  if (!equal(data.value(), whole.at("data"))) return "the DOM of data differs";
  return entity ? entity_disagreement(entity->header(), whole.at("data"), names_of(data.text())) : std::string{};
}

// What nlohmann sees of a shape that we refuse.
bool refused_rightly(PayloadErrc code, std::string_view body, const json& whole) {
  if (code == PayloadErrc::not_an_object) return !whole.is_object();
  const Counts top = names_of(body);
  const auto within_data = [&](std::string_view name) { return whole.at("data").find(std::string{name}); };
  if (code == PayloadErrc::event_missing) return count_of(top, "event") == 0;
  if (code == PayloadErrc::event_repeated) return count_of(top, "event") > 1;
  if (code == PayloadErrc::event_not_a_string) return !whole.at("event").is_string();
  if (code == PayloadErrc::data_missing) return count_of(top, "data") == 0;
  if (code == PayloadErrc::data_repeated) return count_of(top, "data") > 1;
  if (!pw::webhook_event_from_text(whole.at("event").get_ref<const std::string&>())) return false;
  if (code == PayloadErrc::data_not_an_object) return !whole.at("data").is_object();
  if (code == PayloadErrc::id_missing) return within_data("id") == whole.at("data").end();
  if (code == PayloadErrc::id_repeated) return within_data("id") != whole.at("data").end();
  if (code == PayloadErrc::id_not_a_string) return !within_data("id")->is_string();
  return within_data("id")->is_string() && !pw::Uuid::from_text(within_data("id")->get_ref<const std::string&>());
}

}  // namespace

std::string disagreement(std::string_view body) {
  const pw::ParseResult result = pw::parse(body);
  if (result.has_error()) {
    const bool limited = result.error().code() == pw::PayloadCondition::over_limit;
    if (limited || result.error().errc() == PayloadErrc::byte_order_mark) return {};
  }
  if (is_json(result) != json::accept(tame(body))) return "only one of the two takes it for JSON";
  if (!is_json(result)) return {};
  const json whole = json::parse(body, nullptr, false);
  if (whole.is_discarded()) return {};  // a lone surrogate or a number beyond double
  if (result) return value_disagreement(body, *result, whole);
  return refused_rightly(result.error().errc(), body, whole) ? "" : "refused for what the other does not see";
}

}  // namespace fuzz
