#include "hand_over.hpp"

#include <cstddef>
#include <exception>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace prospero::webhooks {
namespace {

constexpr std::size_t error_bytes_max = 1'000;

// The receiver's limits were applied on arrival, and it may have been given larger ones than the parser's own.
constexpr ParseLimits as_accepted{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()};

Delivery delivery_of(const PendingArrival& arrival, std::stop_token stop) {
  Delivery how;
  how.source = arrival.row.source;
  how.identity = arrival.row.identity;
  how.seen_before = arrival.seen_before;
  how.copies = arrival.row.copies;
  how.tries = arrival.row.tries + 1;
  how.received_at = arrival.row.received_at;
  how.stop = std::move(stop);
  return how;
}

HandOver settled(InboxState state, bool called, std::string error) {
  HandOver result;
  result.state = state;
  result.called = called;
  result.error = std::move(error);
  return result;
}

HandOver failed(const InboxRow& row, const HandOverRules& rules, std::string_view error) {
  const unsigned tries = row.tries + 1;
  std::string kept{error.substr(0, error_bytes_max)};
  if (tries >= rules.tries_max) return settled(InboxState::dead, true, std::move(kept));
  HandOver again = settled(InboxState::pending, true, std::move(kept));
  again.retry_at = rules.retry_at(tries);
  return again;
}

}  // namespace

HandOver hand_over(const PendingArrival& arrival, const Dispatcher& dispatcher, const HandOverRules& rules,
                   std::stop_token stop) {
  if (arrival.repeats_latest) return settled(InboxState::copy, false, {});
  try {
    const ParseResult parsed = parse(arrival.body, as_accepted);
    if (!parsed) return settled(InboxState::quarantined, false, parsed.error().message());
    Delivery how = delivery_of(arrival, std::move(stop));
    dispatcher.dispatch(*parsed, how);
    return settled(InboxState::processed, true, {});
  } catch (const std::exception& error) {
    return failed(arrival.row, rules, error.what());
  } catch (...) {
    return failed(arrival.row, rules, "the handler threw something that is no std::exception");
  }
}

}  // namespace prospero::webhooks
