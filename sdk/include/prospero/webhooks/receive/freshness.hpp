/// @file
/// What a consumer can know about the order of an entity's changes: section H of the contract, as a pure function.
///
/// Pushes carry no version and arrive in any order (D8). Per entity the inbox remembers the head: what was handled
/// last. A push beside that head gives a verdict and the head that stands after the push was handled. A handler that
/// ignores `stale` and re-reads the entity on `ambiguous` ends on the true state, provided that every change arrives
/// once; after a loss (R4, X3) no rule can know, hence gaps.hpp.
#pragma once

#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <prospero/webhooks/payload/event.hpp>
#include <prospero/webhooks/payload/types.hpp>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// What the rule looks at in a push of a known webhook event.
struct PushFacts {
  Identity identity;                    ///< of the body
  Change change = Change::updated;      ///< what happened to the entity
  std::optional<Timestamp> changed_at;  ///< the entity's `lastUpdatedAt`

  /// Equal when all members are.
  friend bool operator==(const PushFacts&, const PushFacts&) = default;
};

/// What an entity was last handled with.
struct Head {
  PushFacts push;       ///< that push; after a re-read what is known beyond it
  bool unsure = false;  ///< the application's state may come from something else than this body

  /// Equal when all members are.
  friend bool operator==(const Head&, const Head&) = default;
};

/// What judge() comes to.
struct Verdict {
  Freshness freshness = Freshness::fresh;  ///< of the push
  Head head;                               ///< after the push was handled; for `stale` and `copy` the one before

  /// Equal when all members are.
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// The first row of H1-H9 that matches. "Earlier" and "later" hold only when both times are known, and strictly. Pure.
/// @param head what the entity was last handled with; nothing: never
/// @param push the one to be judged, of the same entity
/// @return the verdict
Verdict judge(const std::optional<Head>& head, const PushFacts& push) noexcept;

/// The head after a handler re-read the entity: a later time raises the head's; a vanished entity makes it deleted, one
/// that is there again makes a deleted head an updated one (else an update within the second of a comeback would be
/// taken for `stale`); the application's state comes from the re-read, so the head is unsure. Pure.
/// @param head Verdict::head
/// @param observation what was found
/// @return the head then
Head with_observation(Head head, const Observation& observation) noexcept;

/// Whether the re-read is older than the push: then the API lags, and the try has failed. Pure.
/// @param observation what was found
/// @param push the one that was handed over
/// @return false when either time is unknown
bool is_too_old(const Observation& observation, const PushFacts& push) noexcept;

}  // namespace prospero::webhooks

#pragma GCC visibility pop
