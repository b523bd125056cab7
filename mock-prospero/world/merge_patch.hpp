// JSON Merge Patch (RFC 7396), the way that entities are changed.
#pragma once

#include <boost/json/object.hpp>

namespace mock::world {

/// `target` after `patch`: null removes a member, an object changes the members that it names, anything else replaces.
/// Members that stay keep their order.
boost::json::object merge_patch(boost::json::object target, const boost::json::object& patch);

}  // namespace mock::world
