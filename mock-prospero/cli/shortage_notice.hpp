// Tells the operator that attempts are held back by a shortage of the mock's own.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "delivery/ports.hpp"

namespace mock::cli {

/// Once, on standard error; the attempts themselves say it each time.
class ShortageNotice final : public delivery::Journal {
 public:
  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override {
    if (told_ || delivery.attempts.empty()) return;
    const auto& last = delivery.attempts.back();
    // After a crash an attempt is interrupted too, and has no detail.
    if (last.outcome != delivery::Outcome::interrupted || last.detail.empty()) return;
    told_ = true;
    fmt::print(stderr, "an attempt was {}: it is made again and does not count; give serve more (ulimit -n)\n",
               last.detail);
  }
  void webhook_changed(const delivery::WebhookId&) override {}

 private:
  bool told_ = false;
};

}  // namespace mock::cli
