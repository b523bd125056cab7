// All that a run leaves behind and that its checkers may read: what the sender told its journal, what was done to it,
// and what the consumers received.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/types.hpp"

namespace mock::simulation {

using delivery::Duration;
using delivery::Instant;

/// Webhooks, deliveries and changes are numbered in the order in which they come up.
using Number = std::size_t;

/// A delivery as the journal was told, with its latest attempt.
struct DeliveryView {
  delivery::State state = delivery::State::pending;
  std::optional<delivery::Reason> reason;
  std::optional<Instant> next_attempt_at;
  Instant created_at{};
  std::size_t attempts = 0;
  delivery::Attempt last;  ///< means nothing if attempts is 0
};

struct WebhookView {
  bool enabled = true;
  bool deleted = false;
  int failures = 0;
};

struct Entry {
  enum class Kind : std::uint8_t {
    registered,  ///< the operator made webhook `subject`
    disable,     ///< the operator's order about webhook `subject`; what came of it follows
    enable,
    remove,
    fired,      ///< change `subject` happened; its deliveries follow
    delivery,   ///< delivery `subject` is now `delivery`
    webhook,    ///< webhook `subject` is now `webhook`
    booted,     ///< a sender begins to go on with what the store has
    restored,   ///< and has all of it
    crashed,    ///< what was not on disk is no longer in this history
    suspended,  ///< the machine sleeps
    woke,
    wall_step,  ///< somebody set the wall clock
    calm,       ///< the liveness phase begins: every consumer answers 200 soon, nothing else goes wrong
  };
  Kind kind = Kind::delivery;
  Duration at{};    ///< true time since the run began
  Instant clock{};  ///< what the sender's clock shows; the epoch while there is none
  Number subject = 0;
  DeliveryView delivery;
  WebhookView webhook;
};
std::string_view to_text(Entry::Kind kind);

struct WebhookFacts {
  std::string id, organization, url;
  std::vector<std::string> events;
};

struct DeliveryFacts {
  delivery::DeliveryId id;
  Number webhook = 0;
  Number change = 0;
  std::shared_ptr<const std::string> body;
};

struct ChangeFacts {
  std::string organization, event;
};

/// A push that a consumer took.
struct Receipt {
  Duration at{};
  Duration sent{};  ///< when it set out
  std::string url;
  std::shared_ptr<const std::string> body;
  int status = 200;                  ///< what the consumer answered
  std::optional<Duration> answered;  ///< when the whole answer reached the sender's machine; never if empty
};

struct History {
  std::vector<Entry> entries;
  std::vector<Receipt> receipts;
  std::vector<WebhookFacts> webhooks;
  std::vector<DeliveryFacts> deliveries;
  std::vector<ChangeFacts> changes;
  bool came_to_rest = true;  ///< the liveness phase ended
};

/// The body of a change, which the consumers tell apart by it.
std::string body_of(Number change, std::string_view event);
/// The change that a body tells of; nothing if it has another form.
std::optional<Number> change_of(std::string_view body);

/// Equal for equal histories; 64 bits.
std::uint64_t hash_of(const History& history);

/// What happened to one delivery and around it since its change, a line each; the middle is left out beyond
/// `lines_max`.
std::string trail_of(const History& history, Number delivery, std::size_t lines_max = 30);

}  // namespace mock::simulation
