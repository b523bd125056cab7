// What holds for the bytes of an answer whatever they are.
#pragma once

#include <string>
#include <string_view>

namespace fuzz {

/// The first byte says into how large pieces the rest is cut. Gives the first promise that is broken: that the end, the
/// status, the body and where a redirect leads do not depend on how the bytes are cut (but what is no HTTP may be told
/// earlier); that a complete answer has a final status; that what is no HTTP is told why. Empty when none is. Swallows
/// no exception.
std::string broken_response_promise(std::string_view bytes);

}  // namespace fuzz
