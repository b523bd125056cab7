// The checkers: each reads the history of a run, and nothing else, for one group of clauses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulation/history.hpp"
#include "simulation/plan.hpp"

namespace mock::simulation {

struct Violation {
  std::string clause;
  std::string sentence;            ///< what was demanded and what happened
  std::optional<Number> delivery;  ///< whose trail shows it
};

/// The first violation of each clause.
class Findings {
 public:
  void add(std::string_view clause, std::string sentence, std::optional<Number> delivery = std::nullopt);
  std::vector<Violation> take() && { return std::move(found_); }

 private:
  std::vector<Violation> found_;
};

/// One attempt, put together from the entries about it and the pushes that arrived.
struct AttemptTrack {
  delivery::Attempt attempt;  ///< as last told
  Duration began{};           ///< true time
  std::optional<Duration> ended;
  std::size_t begin_entry = 0;
  std::vector<std::size_t> receipts;
};

struct DeliveryTrack {
  std::vector<std::size_t> entries;
  std::vector<AttemptTrack> attempts;
};

/// The history, sorted by delivery.
struct Tracks {
  std::vector<DeliveryTrack> deliveries;
  std::vector<std::size_t> stray_receipts;  ///< that no attempt explains
};
Tracks track(const History& history);

struct Checked {
  const History& history;
  const Plan& plan;
  const Tracks& tracks;
};

void check_delivery(const Checked& run, Findings& findings);       ///< D3, D4, D9
void check_retries(const Checked& run, Findings& findings);        ///< R1-R5
void check_disabling(const Checked& run, Findings& findings);      ///< X1-X4, and what else may change a count: G1, G5
void check_subscriptions(const Checked& run, Findings& findings);  ///< S1-S3, G3
void check_slots(const Checked& run, Findings& findings);          ///< D8, G4: who is sent when
void check_edges(const Checked& run, Findings& findings);          ///< G1, G2, G4-G7

/// All of them.
std::vector<Violation> check(const History& history, const Plan& plan);

/// "12.345 s" since the run's first instant, for sentences.
std::string seconds(Instant instant);

}  // namespace mock::simulation
