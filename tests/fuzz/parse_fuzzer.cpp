// libFuzzer's entry. A broken promise and an exception both leave as an exception, which libFuzzer reports as a crash.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "invariants.hpp"
#include "second_parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  if (const auto broken = fuzz::broken_promise(body); !broken.empty()) throw std::logic_error(broken);
  if (const auto differs = fuzz::disagreement(body); !differs.empty()) throw std::logic_error(differs);
  return 0;
}
