// Every way in which the life of one entity can reach a consumer, and an application that follows it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <prospero/webhooks/receive/freshness.hpp>
#include <string>
#include <vector>

namespace receive_test {

/// The entity after one change, and the push that told of it.
struct Version {
  prospero::webhooks::Change change = prospero::webhooks::Change::updated;
  char content = 'a';
  std::optional<prospero::webhooks::Timestamp> changed_at;  ///< nothing: Prospero sends none

  bool exists() const { return change != prospero::webhooks::Change::deleted; }
};

/// The body of the push: equal for equal versions of one entity, whatever made them.
std::string body_of(const Version& version, const std::string& entity_id);

using History = std::vector<Version>;
/// Indexes into a history, in the order of arrival; a copy has the index of its original.
using Order = std::vector<std::size_t>;

struct HistoryLimits {
  std::size_t changes_max = 4;
  bool timed = true;       ///< each change carries a time, the same second as the one before or the next
  bool comebacks = false;  ///< an id may come back after a delete, later (T6); needs `timed`
};

/// Calls `visit` for each history of up to that many changes: a created entity, updates between two contents, a delete.
void each_history(const HistoryLimits& limits, const std::function<void(const History&)>& visit);

/// Calls `visit` for each order in which the pushes and up to `copies_max` copies of them can arrive.
void each_order(std::size_t changes, std::size_t copies_max, const std::function<void(const Order&)>& visit);

/// An application that ignores `stale`, takes what is `fresh` and re-reads on `ambiguous`.
class Follower {
 public:
  /// Whether a re-read happens as early or as late as it can: any truth between the newest change that has arrived and
  /// the end of the history is possible.
  enum class Reread { early, late };

  Follower(const History& history, Reread reread) : history_(&history), reread_(reread) {}

  void arrives(std::size_t index);
  /// Handles the push of change `index`; gives what the re-read found, if there was one and it tells anything.
  std::optional<prospero::webhooks::Observation> handle(std::size_t index, prospero::webhooks::Freshness freshness);

  bool went_backwards() const { return backwards_; }
  /// Whether the state is that of the last change.
  bool is_true() const;

 private:
  bool same(std::size_t a, std::size_t b) const;
  void take(std::size_t index);

  const History* history_;
  Reread reread_;
  std::optional<std::size_t> state_;  // index of the version that the application holds
  std::size_t arrived_max_ = 0;
  std::size_t read_max_ = 0;
  bool backwards_ = false;
};

}  // namespace receive_test
