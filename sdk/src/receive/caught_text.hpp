// What an application's code, or the lack of something, has thrown, in words.
#pragma once

#include <string>

namespace prospero::webhooks {

/// Of the exception that is being handled: what it says, at most 1,000 bytes of it; or that it says nothing, or that
/// there is no memory for its words.
std::string caught_text() noexcept;

}  // namespace prospero::webhooks
