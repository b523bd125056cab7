// One journal for several listeners.
#pragma once

#include <cstddef>
#include <vector>

#include "delivery/ports.hpp"

namespace mock::delivery {

/// Tells each listener in the order of add(). Listeners are added before the first change and must outlive the last.
class FanOut final : public Journal {
 public:
  void add(Journal& listener) { listeners_.push_back(&listener); }

  void delivery_changed(std::size_t number, const Delivery& delivery) override {
    for (auto* listener : listeners_) listener->delivery_changed(number, delivery);
  }
  void webhook_changed(const WebhookId& webhook) override {
    for (auto* listener : listeners_) listener->webhook_changed(webhook);
  }

 private:
  std::vector<Journal*> listeners_;
};

}  // namespace mock::delivery
