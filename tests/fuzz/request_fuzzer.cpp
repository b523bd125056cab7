// libFuzzer's entry for the bytes of a connection. A broken promise leaves as an exception, which libFuzzer reports.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "request_promises.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto broken = fuzz::broken_request_promise(bytes); !broken.empty()) throw std::logic_error(broken);
  return 0;
}
