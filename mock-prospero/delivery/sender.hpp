// The sender: takes webhook events for webhooks, makes the attempts that the contract asks for, and keeps what
// happened. Pure code over the ports; one thread drives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/values.hpp"
#include "delivery/delivery_table.hpp"
#include "delivery/ports.hpp"
#include "delivery/types.hpp"

namespace mock::delivery {

/// The values of the contract that may be set. The defaults are those of mock-prospero/contract.
struct SenderOptions {
  std::vector<Duration> retry_delays;     ///< R1
  int disable_after = 0;                  ///< X2: N consecutive failed attempts; 0 = never
  Duration disable_span{};                ///< X2: S, the least time between the first and the last of them
  std::size_t in_flight_per_webhook = 0;  ///< G4: at least 1
  std::size_t in_flight_total = 0;        ///< over all webhooks; at least 1
  contract::DelaysFrom delays_from = contract::DelaysFrom::previous_failure;  ///< R2
};
SenderOptions sender_options(const contract::Values& values);
SenderOptions contract_defaults();

/// A webhook as the sender keeps it. Registration data (organization, list of webhook events) is the registry's.
struct WebhookStatus {
  std::string url;
  bool enabled = true;
  bool deleted = false;
  int consecutive_failures = 0;             ///< X2, ordered by end of attempt, then delivery id
  std::optional<Instant> first_failure_at;  ///< end of the first of them, from which S counts; empty at zero
  std::optional<Instant> disabled_at;
  std::uint64_t epoch = 0;  ///< raised by each disabling and enabling (G1)
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

/// Not thread-safe: every call, and every Transport callback, on one thread. Unknown ids are a std::out_of_range, an id
/// that is already there is a std::invalid_argument.
///
/// How to drive it on a real clock: call pump() after enqueue() and enable(), whenever `wake` was called, and when the
/// clock reaches next_due(). On a virtual clock, call VirtualTime::step() instead of pump().
class Sender {
 public:
  using Wake = std::function<void()>;

  /// `wake` is called when the result of an attempt has arrived. The result takes effect in the next pump(), which
  /// must not be called from inside `wake`; so all results that arrived together take effect in the order that X2 asks
  /// for.
  Sender(SenderOptions options, const Clock& clock, Transport& transport, Journal& journal, Wake wake = {});
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  void add_webhook(const WebhookId& id, std::string url);
  void disable(const WebhookId& id);  ///< X3: drops what is pending; nothing happens unless it is enabled
  void enable(
      const WebhookId& id);  ///< X4: the count starts at zero, nothing missed is sent; a deleted one stays deleted
  void remove(const WebhookId& id);  ///< G2: drops what is pending, keeps the history
  const WebhookStatus& webhook(const WebhookId& id) const;

  /// Go on after a restart with what was kept (G4, G5, G7): first the webhooks, then the deliveries, each in the order
  /// in which they were made, before any other call. What a journal was told during one call of the sender must have
  /// been kept as a whole or not at all. An attempt that was under way is recorded as interrupted now and made again,
  /// uncertain, or dropped if its epoch has ended; the journal is told of such changes only.
  void restore_webhook(const WebhookId& id, WebhookStatus status);
  void restore_delivery(Delivery delivery);

  /// The delivery is due now and is sent by the next pump(). To a disabled webhook it is born `dropped` with reason
  /// webhook_disabled_before (X3), to a deleted one with reason deleted.
  void enqueue(NewDelivery delivery);

  /// Lets the arrived results take effect, then starts every attempt that is due and has a free slot: oldest due first
  /// within a webhook; over webhooks, the one with the fewest attempts under way, then the one served longest ago (G4).
  void pump();

  /// The two halves of pump(), for a driver that orders starts and ends itself (G6).
  std::optional<Instant> next_end() const;  ///< the earliest end that arrived and has not taken effect
  void apply_ends(Instant until);           ///< those at or before `until`, by end, then delivery id (X2)
  void start_due();

  /// The attempt under way, if any, is recorded as interrupted now and made again at once, with the same number, marked
  /// uncertain (G5). A result that the transport still reports for it is ignored.
  void interrupt(const DeliveryId& id);

  /// Attempts started so far, all together.
  std::uint64_t starts() const;
  /// The attempts under way that came after the first `starts` of them begin now: whoever holds them back has not sent
  /// them yet. Their deadline begins when they are sent (D4).
  void restart_after(std::uint64_t starts);

  /// The earliest instant at which pump() has an attempt to start. Empty also while every slot is taken: then the end
  /// of an attempt is what to wait for.
  std::optional<Instant> next_due() const;
  std::size_t in_flight() const;  ///< attempts whose end has not taken effect
  /// True when nothing is in flight and nothing is due at or before `t`.
  bool quiet_until(Instant t) const;

  std::optional<Delivery> find(const DeliveryId& id) const;
  const DeliveryTable& deliveries() const;  ///< oldest first

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace mock::delivery
