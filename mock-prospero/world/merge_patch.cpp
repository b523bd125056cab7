#include "world/merge_patch.hpp"

#include <boost/json/value.hpp>
#include <utility>

namespace mock::world {
namespace {

namespace json = boost::json;

// erase() would move the last member into the gap.
void remove_in_order(json::object& target, json::string_view key) {
  if (!target.contains(key)) return;
  json::object kept;
  for (auto& member : target) {
    if (member.key() != key) kept.emplace(member.key(), std::move(member.value()));
  }
  target = std::move(kept);
}

}  // namespace

boost::json::object merge_patch(json::object target, const json::object& patch) {
  for (const auto& member : patch) {
    if (member.value().is_null()) {
      remove_in_order(target, member.key());
    } else if (const auto* inner = member.value().if_object()) {
      auto& place = target[member.key()];
      place = merge_patch(place.is_object() ? place.get_object() : json::object{}, *inner);
    } else {
      target[member.key()] = member.value();
    }
  }
  return target;
}

}  // namespace mock::world
