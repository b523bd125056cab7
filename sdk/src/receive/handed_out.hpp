// Which rows are with a handler.
#pragma once

#include <cstdint>
#include <map>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <set>

namespace prospero::webhooks {

/// Which rows are, or may have been, with a handler.
struct HandedOut {
  std::set<std::uint64_t> claimed;                  ///< with the worker now
  std::set<std::uint64_t> released;                 ///< given back unsettled
  std::map<std::uint64_t, InboxTime> unread_since;  ///< could not be read
  std::map<std::uint64_t, InboxTime> unread_until;  ///< of these: not before this is it tried again
  std::uint64_t seq_at_open = 0;  ///< rows up to here may have been started by the process before this one

  bool is_claimed(std::uint64_t seq) const { return claimed.contains(seq); }
  bool is_away(std::uint64_t seq) const { return is_claimed(seq) || unread_until.contains(seq); }
  bool maybe_started(std::uint64_t seq) const {
    return seq <= seq_at_open || is_claimed(seq) || released.contains(seq);
  }
};

}  // namespace prospero::webhooks
