// What the mock's world and its operator desk answer to a wish that cannot be fulfilled.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace mock::world {

enum class Refusal : std::uint8_t {
  invalid,   ///< the wish itself is wrong, whatever the state (the API's 422)
  unknown,   ///< it names something that is not there (404)
  conflict,  ///< the state as it is forbids it (409)
};

/// Thrown before anything has changed. what() is one line for people; it never holds a URL or a payload.
class Refused : public std::runtime_error {
 public:
  Refused(Refusal why, const std::string& text) : std::runtime_error(text), why_(why) {}
  Refusal why() const noexcept { return why_; }

 private:
  Refusal why_;
};

}  // namespace mock::world
