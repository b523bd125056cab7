// Which delivery is sent next: pending ones by due instant, slots per webhook and in all, and fairness (G4). Every
// operation costs a logarithm of what is pending, however much that is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "delivery/types.hpp"

namespace mock::delivery {

/// Webhooks and deliveries are plain numbers here; smaller delivery numbers are older.
class DueQueue {
 public:
  DueQueue(std::size_t in_flight_per_webhook, std::size_t in_flight_total);

  /// The numbers of webhooks are 0, 1, 2, ... in the order of these calls.
  std::size_t add_webhook();

  void push(std::size_t webhook, Instant due, std::size_t delivery);

  /// Takes out everything that is pending for the webhook, oldest due first.
  std::vector<std::size_t> clear(std::size_t webhook);

  /// The delivery to send now, whose slot is taken by this call; nothing if none is due or none has a free slot. Oldest
  /// due first within a webhook. Over webhooks: the fewest slots taken first, then the one served longest ago, then the
  /// oldest due; so a webhook with a long queue, or a slow one, holds back no other. The last slots go to webhooks with
  /// none only (contract::slots_kept), so that many slow ones do not either.
  std::optional<std::size_t> take(Instant now);

  /// Frees a slot of the webhook.
  void release(std::size_t webhook);

  /// The earliest instant at which take() has something; it may have passed. Nothing while no slot is free for those
  /// that wait.
  std::optional<Instant> next_due() const;

 private:
  using Pending = std::pair<Instant, std::size_t>;
  using ReadyKey = std::tuple<std::size_t, std::uint64_t, Instant, std::size_t>;  // slots, served, due, webhook
  using WaitingKey = std::pair<Instant, std::size_t>;                             // due, webhook

  struct Lane {
    std::vector<Pending> pending;  // a heap, oldest due on top
    std::size_t in_flight = 0;
    std::uint64_t served = 0;
    std::optional<ReadyKey> ready;      // its place in ready_
    std::optional<WaitingKey> waiting;  // its place in waiting_
  };

  void unplace(Lane& lane);
  void place(std::size_t webhook);
  void promote(Instant now);
  bool has_slot(std::size_t taken_by_webhook) const;

  std::size_t per_webhook_;
  std::size_t total_;
  std::size_t shared_;  // of the total, what a webhook that has a slot already may take
  std::size_t in_flight_ = 0;
  std::uint64_t served_ = 0;
  Instant ready_until_ = Instant::min();
  std::vector<Lane> lanes_;
  std::set<ReadyKey> ready_;  // lanes with a free slot whose oldest is due at ready_until_ or before
  // The other lanes that have a free slot and something pending: those with none under way, and the rest.
  std::set<WaitingKey> waiting_idle_, waiting_busy_;
};

}  // namespace mock::delivery
