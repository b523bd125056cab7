// One arrival to its handler, and what that came to.
#pragma once

#include <functional>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <prospero/webhooks/receive/inbox.hpp>
#include <stop_token>

namespace prospero::webhooks {

struct HandOverRules {
  unsigned tries_max = 10;
  std::function<InboxTime(unsigned tries)> retry_at;  ///< when to try again after that many failed tries
};

/// Calls the handler, unless the arrival repeats what its entity was last processed with. Does not throw what handlers
/// throw.
HandOver hand_over(const PendingArrival& arrival, const Dispatcher& dispatcher, const HandOverRules& rules,
                   std::stop_token stop);

}  // namespace prospero::webhooks
