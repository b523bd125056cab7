#include "backoff.hpp"

#include <algorithm>

#include "bounded_time.hpp"

namespace prospero::webhooks {

std::chrono::milliseconds backoff_delay(unsigned tries, std::chrono::milliseconds least, std::chrono::milliseconds most,
                                        double spread) noexcept {
  most = bounded(most);
  auto whole = std::min(least, most);
  for (unsigned n = 1; n < tries && whole.count() > 0 && whole < most; ++n) whole = whole > most / 2 ? most : whole * 2;
  const auto half = static_cast<double>(whole.count()) / 2;
  return std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(half + half * spread)};
}

}  // namespace prospero::webhooks
