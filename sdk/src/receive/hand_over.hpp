// One arrival to its handler, and what that came to.
#pragma once

#include <functional>
#include <optional>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <prospero/webhooks/receive/done_mark.hpp>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <stop_token>

namespace prospero::webhooks {

struct HandOverRules {
  unsigned tries_max = 200;
  /// When to try again after that many failed tries of this set. Does not throw.
  std::function<InboxTime(unsigned tries)> retry_at;
  /// The application's done-mark for a row; empty: it keeps none.
  std::function<std::optional<DoneMark>(const Identity&, std::uint64_t seq)> find_done_mark;
};

/// Computes the verdict (H1-H9) against the head that came with the arrival and calls the handler that wants it; the
/// result carries the head that then stands. What handlers throw, and a lack of memory, are failed tries. The body of
/// the arrival is moved away.
HandOver hand_over(PendingArrival& arrival, const Dispatcher& dispatcher, const HandOverRules& rules,
                   std::stop_token stop) noexcept;

}  // namespace prospero::webhooks
