// Faults planted on purpose, to prove that the tests notice them. In an ordinary build PROSPERO_FAULT(name) is the
// constant false, and nothing of it remains in what ships. In the build of preset `faults` it is true when the
// environment variable PROSPERO_FAULT names it. tests/faults/table.txt says which test must fail then.
#pragma once

#ifdef PROSPERO_SEEDED_FAULTS

#include <cstdlib>
#include <string>
#include <string_view>

namespace prospero::faults {

/// Thread-safe; the environment is read once.
inline bool is_on(std::string_view name) {
  static const std::string chosen = [] {
    const char* const text = std::getenv("PROSPERO_FAULT");
    return std::string(text ? text : "");
  }();
  return name == chosen;
}

}  // namespace prospero::faults

#define PROSPERO_FAULT(name) ::prospero::faults::is_on(#name)

#else

#define PROSPERO_FAULT(name) false

#endif
