#include "world/merge_patch.hpp"

#include <utility>

namespace mock::world {

SpelledObject merge_patch(SpelledObject target, const SpelledObject& patch) {
  for (const auto& member : patch.members()) {
    if (member.value == "null") {
      target.erase(member.name);
    } else if (const auto inner = SpelledObject::of(member.value)) {
      const auto* place = target.find(member.name);
      auto before = place != nullptr ? SpelledObject::of(*place) : std::nullopt;
      target.set(member.key, merge_patch(std::move(before).value_or(SpelledObject{}), *inner).text());
    } else {
      target.set(member.key, member.value);
    }
  }
  return target;
}

}  // namespace mock::world
