// JSON Merge Patch (RFC 7396), the way that entities are changed.
#pragma once

#include "world/spelled_json.hpp"

namespace mock::world {

/// `target` after `patch`: null removes a member, an object changes the members that it names, anything else replaces.
/// Members that stay keep their order, and everything its spelling.
SpelledObject merge_patch(SpelledObject target, const SpelledObject& patch);

}  // namespace mock::world
