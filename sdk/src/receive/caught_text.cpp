#include "caught_text.hpp"

#include <cstddef>
#include <exception>
#include <string_view>

namespace prospero::webhooks {
namespace {

constexpr std::size_t text_bytes_max = 1'000;

std::string text() {
  try {
    throw;
  } catch (const std::exception& error) {
    const char* const what = error.what();
    if (what == nullptr) return "an exception without a text was thrown";
    return std::string{std::string_view{what}.substr(0, text_bytes_max)};
  } catch (...) {
    return "something that is no std::exception was thrown";
  }
}

}  // namespace

std::string caught_text() noexcept {
  try {
    return text();
  } catch (...) {
    return "out of memory";  // short enough to need none
  }
}

}  // namespace prospero::webhooks
