// libFuzzer's entry for the bytes of an answer. A broken promise leaves as an exception, which libFuzzer reports.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "response_promises.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto broken = fuzz::broken_response_promise(bytes); !broken.empty()) throw std::logic_error(broken);
  return 0;
}
