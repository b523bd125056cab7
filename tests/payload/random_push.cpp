#include "random_push.hpp"

#include <boost/json/object.hpp>
#include <utility>
#include <vector>

namespace random_push {
namespace {

namespace pw = prospero::webhooks;

using Members = std::vector<std::pair<std::string, Spelled>>;

std::string uuid_text(Speller& speller) {
  std::string out;
  for (const char c : std::string_view{"xxxxxxxx-xxxx-1xxx-8xxx-xxxxxxxxxxxx"}) {
    out += c == 'x' ? "0123456789abcdefABCDEF"[speller.below(22)] : c;
  }
  return out;
}

std::string two_digits(std::uint64_t n) {
  return {static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
}

std::string time_text(Speller& speller) {
  return "20" + two_digits(speller.below(100)) + "-" + two_digits(1 + speller.below(12)) + "-" +
         two_digits(1 + speller.below(28)) + "T" + two_digits(speller.below(24)) + ":" + two_digits(speller.below(60)) +
         ":" + two_digits(speller.below(60)) + "Z";
}

void shuffle(Members& members, Speller& speller) {
  for (std::size_t i = members.size(); i > 1; --i) std::swap(members[i - 1], members[speller.below(i)]);
}

// An object of these members, in this order.
Spelled spelled_object(const Members& members, Speller& speller) {
  boost::json::object object;
  std::string text = "{" + speller.space();
  for (const auto& [name, member] : members) {
    text += (object.empty() ? "" : ",") + speller.space() + speller.literal(name) + speller.space() + ":" +
            speller.space() + member.text + speller.space();
    object.emplace(name, member.value);
  }
  return {std::move(object), text + "}"};
}

// A value for a member of the header: well-formed, or anything else, or (nullopt) none.
std::optional<Spelled> header_member(Speller& speller, const std::string& good) {
  if (speller.once_in(4)) return std::nullopt;
  if (speller.once_in(4)) return speller.value(2);
  return Spelled{boost::json::value(good), speller.literal(good)};
}

template <class T, class Read>
void add_header_member(Members& members, std::string name, std::optional<Spelled> member, std::optional<T>& field,
                       Read read) {
  if (!member) return;
  if (const auto* const text = member->value.if_string()) field = read(std::string_view{*text});
  members.emplace_back(std::move(name), std::move(*member));
}

// Members that no part of a push is made of.
void add_other_members(Members& members, Speller& speller, unsigned depth) {
  for (std::uint64_t i = speller.below(4); i > 0; --i) {
    members.emplace_back("other " + std::to_string(i) + speller.text(), speller.value(depth));
  }
}

Spelled entity(Speller& speller, pw::EntityHeader& header) {
  Members members;
  const std::string id = uuid_text(speller);
  header.id = pw::Uuid::from_text(id).value();
  members.emplace_back("id", Spelled{boost::json::value(id), speller.literal(id)});
  add_header_member(members, "orgId", header_member(speller, uuid_text(speller)), header.org_id, pw::Uuid::from_text);
  add_header_member(members, "createdAt", header_member(speller, time_text(speller)), header.created_at,
                    pw::Timestamp::from_rfc3339);
  add_header_member(members, "lastUpdatedAt", header_member(speller, time_text(speller)), header.last_updated_at,
                    pw::Timestamp::from_rfc3339);
  add_other_members(members, speller, 62);
  shuffle(members, speller);
  return spelled_object(members, speller);
}

}  // namespace

Push make(std::uint64_t seed) {
  Speller speller{seed};
  Push push;
  Spelled data;
  if (speller.once_in(3)) {
    push.event_name = "x." + speller.text();
    data = speller.value(63);
  } else {
    push.event_name = to_text(pw::all_webhook_events[speller.below(pw::all_webhook_events.size())]);
    data = entity(speller, push.header.emplace());
  }
  Members members{{"event", {boost::json::value(push.event_name), speller.literal(push.event_name)}}, {"data", data}};
  add_other_members(members, speller, 63);
  shuffle(members, speller);
  push.body = speller.space() + spelled_object(members, speller).text + speller.space();
  push.data = std::move(data.value);
  push.data_text = std::move(data.text);
  return push;
}

}  // namespace random_push
