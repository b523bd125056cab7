// What holds for the bytes of a connection whatever they are, from the first byte to the arrival that is stored.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

/// The first byte says into how large pieces the rest is cut. Gives the first promise that is broken: that it does not
/// matter how the bytes are cut, that no body is longer than allowed or than it was declared, that every body becomes
/// an arrival of a webhook event or one that is kept aside with a reason. Empty when none is. Swallows no exception.
std::string broken_request_promise(std::string_view bytes);

}  // namespace fuzz
