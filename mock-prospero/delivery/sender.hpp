// The sender: takes webhook events for webhooks, makes the attempts that the contract asks for, and keeps what
// happened. Pure code over the ports; one thread drives it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delivery/ports.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

/// The values of the contract that may be set. The defaults are those of mock-prospero/contract.
struct SenderOptions {
  std::vector<Duration> retry_delays;    ///< R1, R2: each counts from the end of the failed attempt
  int disable_after = 0;                 ///< X2: N consecutive failed attempts; 0 = never
  Duration disable_span{};               ///< X2: S, the least time between the first and the last of them
  std::size_t in_flight_per_webhook = 0; ///< G4
  std::size_t in_flight_total = 0;
};
SenderOptions contract_defaults();

/// A webhook as the sender keeps it. Registration data (organization, list of webhook events) is the registry's.
struct WebhookStatus {
  std::string url;
  bool enabled = true;
  bool deleted = false;
  int consecutive_failures = 0;             ///< X2, ordered by end of attempt, then delivery id
  std::optional<Instant> disabled_at;
  std::uint64_t epoch = 0;                  ///< raised by each disabling and enabling (G1)
};

/// What to send. `entity_id` is for filters and lists only.
struct NewDelivery {
  DeliveryId id;
  WebhookId webhook_id;
  std::string event;
  std::optional<std::string> entity_id;
  std::shared_ptr<const std::string> body;
  std::optional<DeliveryId> resend_of;
};

/// Not thread-safe: every call, and every Transport callback, on one thread. Unknown ids are a std::out_of_range.
class Sender {
 public:
  Sender(SenderOptions options, const Clock& clock, Transport& transport, Journal& journal);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void add_webhook(const WebhookId& id, std::string url);
  void disable(const WebhookId& id);         ///< X3: drops what is pending
  void enable(const WebhookId& id);          ///< X4: the count starts at zero, nothing missed is sent
  void remove(const WebhookId& id);          ///< G2: drops what is pending, keeps the history
  const WebhookStatus& webhook(const WebhookId& id) const;

  /// The delivery is due now. To a disabled webhook it is born `dropped` with reason webhook_disabled_before (X3).
  /// It is sent by the next pump().
  void enqueue(NewDelivery delivery);

  /// Starts every attempt that is due and has a free slot: oldest due first, fair over webhooks (G4).
  void pump();

  std::optional<Instant> next_due() const;   ///< the earliest pending instant of what is not in flight
  std::size_t in_flight() const;
  /// True when nothing is in flight and nothing is due at or before `t`.
  bool quiet_until(Instant t) const;

  const Delivery* find(const DeliveryId& id) const;                       ///< null if unknown
  void for_each(const std::function<void(const Delivery&)>& visit) const; ///< oldest first

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::delivery
