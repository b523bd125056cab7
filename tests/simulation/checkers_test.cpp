// Each checker on a history that held until one thing in it was changed.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "simulation/check.hpp"
#include "simulation/run.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace mock::simulation;
using namespace std::chrono_literals;

namespace {

using Change = std::function<bool(Run&)>;  // false: the run has nothing to change

/// The first entry about a delivery for which `wanted` holds, or null.
Entry* first(Run& run, const std::function<bool(const DeliveryView&)>& wanted) {
  for (auto& entry : run.history.entries) {
    if (entry.kind == Entry::Kind::delivery && wanted(entry.delivery)) return &entry;
  }
  return nullptr;
}

bool begins(const DeliveryView& view, int number) {
  return view.attempts > 0 && !view.last.ended_at && view.last.number == number;
}

bool ends(const DeliveryView& view, Outcome outcome) {
  return view.attempts > 0 && view.last.ended_at && view.last.outcome == outcome;
}

/// Demands that `change` makes a violation of the clause out of a run that held.
void notices(std::string_view clause, const Change& change) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    auto run = carry_out(seed);
    if (!change(run)) continue;
    const auto violations = check(run.history, run.plan);
    const bool named =
        std::any_of(violations.begin(), violations.end(), [&](const Violation& one) { return one.clause == clause; });
    BOOST_TEST(named, "no violation of " << clause << " in the changed run of seed " << seed);
    return;
  }
  BOOST_TEST(false, "no run has what is to be changed");
}

bool set_first(Run& run, const std::function<bool(const DeliveryView&)>& wanted,
               const std::function<void(DeliveryView&)>& set) {
  auto* entry = first(run, wanted);
  if (entry != nullptr) set(entry->delivery);
  return entry != nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkers)

BOOST_AUTO_TEST_CASE(a_success_without_a_200_in_time, *label("D3")) {
  notices("D3", [](Run& run) {
    for (auto& receipt : run.history.receipts) {
      if (!receipt.answered || receipt.status != 200) continue;
      receipt.status = 204;
      return true;
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_success_after_five_seconds, *label("D4")) {
  notices("D4", [](Run& run) {
    return set_first(
        run, [](const DeliveryView& view) { return ends(view, Outcome::ok); },
        [](DeliveryView& view) { view.last.ended_at = view.last.started_at + 5s; });
  });
}

BOOST_AUTO_TEST_CASE(a_delivery_that_is_due_later_than_its_change, *label("D9")) {
  notices("D9", [](Run& run) {
    return set_first(
        run, [](const DeliveryView& view) { return view.attempts == 0 && view.next_attempt_at; },
        [](DeliveryView& view) { *view.next_attempt_at += 1us; });
  });
}

BOOST_AUTO_TEST_CASE(a_retry_that_is_due_a_microsecond_later, *label("R1")) {
  notices("R1", [](Run& run) {
    if (run.plan.operation.crash > 0) return false;
    auto* entry = first(run, [](const DeliveryView& view) { return begins(view, 2); });
    if (entry == nullptr) return false;
    for (auto& one : run.history.entries) {
      if (one.kind == Entry::Kind::delivery && one.subject == entry->subject && one.delivery.attempts >= 2 &&
          one.delivery.last.number == 2)
        one.delivery.last.scheduled_at -= 1us;
    }
    return true;
  });
}

BOOST_AUTO_TEST_CASE(delays_that_count_from_another_failure, *label("R2")) {
  using mock::contract::DelaysFrom;
  const auto drawn_with = [](DelaysFrom from, DelaysFrom then) {
    notices("R2", [from, then](Run& run) {
      const bool has_second_retry = first(run, [](const DeliveryView& view) { return begins(view, 3); }) != nullptr;
      if (run.plan.sender.delays_from != from || !has_second_retry) return false;
      run.plan.sender.delays_from = then;
      return true;
    });
  };
  drawn_with(DelaysFrom::first_failure, DelaysFrom::previous_failure);
  drawn_with(DelaysFrom::previous_failure, DelaysFrom::first_failure);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_brings_a_push_twice, *label("R3")) {
  notices("R3", [](Run& run) {
    if (run.history.receipts.empty()) return false;
    run.history.receipts.push_back(run.history.receipts.front());
    return true;
  });
}

BOOST_AUTO_TEST_CASE(a_fourth_failure_that_does_not_abandon, *label("R4")) {
  notices("R4", [](Run& run) {
    return set_first(
        run, [](const DeliveryView& view) { return view.state == State::abandoned; },
        [](DeliveryView& view) { view.state = State::pending; });
  });
}

BOOST_AUTO_TEST_CASE(other_bytes, *label("R5")) {
  notices("R5", [](Run& run) {
    if (run.history.receipts.empty()) return false;
    auto& body = run.history.receipts.front().body;
    body = std::make_shared<const std::string>(*body + ' ');
    return true;
  });
}

BOOST_AUTO_TEST_CASE(a_disabling_that_does_not_come, *label("X1")) {
  notices("X1", [](Run& run) {
    bool ordered = false;
    for (auto& entry : run.history.entries) {
      if (entry.kind == Entry::Kind::disable || entry.kind == Entry::Kind::remove) ordered = true;
      if (entry.kind != Entry::Kind::webhook) continue;
      if (!entry.webhook.enabled && !ordered) return entry.webhook.enabled = true;
      ordered = false;
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_count_that_is_wrong, *label("X2")) {
  notices("X2", [](Run& run) {
    for (auto& entry : run.history.entries) {
      if (entry.kind == Entry::Kind::webhook && entry.webhook.enabled && entry.webhook.failures == 1)
        return ++entry.webhook.failures > 0;
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_drop_for_no_reason, *label("X3")) {
  notices("X3", [](Run& run) {
    return set_first(
        run, [](const DeliveryView& view) { return ends(view, Outcome::bad_status) && view.state == State::pending; },
        [](DeliveryView& view) { view.state = State::dropped; });
  });
}

BOOST_AUTO_TEST_CASE(an_enabling_by_nobody, *label("X4")) {
  notices("X4", [](Run& run) {
    for (auto& entry : run.history.entries) {
      if (entry.kind != Entry::Kind::enable) continue;
      const auto at = std::find_if(&entry, run.history.entries.data() + run.history.entries.size(),
                                   [](const Entry& one) { return one.kind == Entry::Kind::webhook; });
      if (at != &entry + 1 || !at->webhook.enabled) continue;
      entry.kind = Entry::Kind::wall_step;
      return true;
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_push_that_nobody_asked_for, *label("S1")) {
  notices("S1", [](Run& run) {
    if (run.history.receipts.empty()) return false;
    run.history.receipts.front().url = "https://other.example/";
    return true;
  });
}

BOOST_AUTO_TEST_CASE(a_webhook_event_that_its_webhook_does_not_listen_to, *label("S2")) {
  notices("S2", [](Run& run) {
    if (run.history.deliveries.empty()) return false;
    run.history.webhooks[run.history.deliveries.front().webhook].events = {"nothing.listened"};
    return true;
  });
}

BOOST_AUTO_TEST_CASE(a_copy_that_is_not_marked, *label("G5")) {
  notices("G5", [](Run& run) {
    bool any = false;
    for (auto& entry : run.history.entries) any = std::exchange(entry.delivery.last.uncertain, false) || any;
    return any;
  });
}

BOOST_AUTO_TEST_CASE(a_mark_although_surely_nothing_was_sent, *label("G5")) {
  notices("G5", [](Run& run) {
    std::set<Number> unsent;
    for (auto& entry : run.history.entries) {
      if (entry.kind != Entry::Kind::delivery || entry.delivery.attempts == 0) continue;
      auto& last = entry.delivery.last;
      if (last.outcome == Outcome::interrupted && !last.detail.empty() && !last.uncertain) {
        unsent.insert(entry.subject);
      } else if (unsent.contains(entry.subject)) {
        last.uncertain = true;
        if (last.ended_at) return true;
      }
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_retry_that_is_forgotten_over_a_crash, *label("G4")) {
  notices("G4", [](Run& run) {
    auto& entries = run.history.entries;
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (entries[i].kind != Entry::Kind::restored) continue;
      for (std::size_t j = 0; j < i; ++j) {
        const auto& one = entries[j];
        if (one.kind != Entry::Kind::delivery || one.delivery.attempts == 0 || !one.delivery.next_attempt_at ||
            *one.delivery.next_attempt_at >= entries[i].clock)
          continue;
        const auto is_later = [&](const Entry& other) {
          return other.kind == Entry::Kind::delivery && other.subject == one.subject;
        };
        if (std::any_of(entries.begin() + static_cast<long>(j) + 1, entries.begin() + static_cast<long>(i), is_later) ||
            one.delivery.last.outcome == Outcome::interrupted)
          continue;
        const auto from = entries.begin() + static_cast<long>(i);
        const auto subject = one.subject;
        entries.erase(std::remove_if(from, entries.end(),
                                     [&](const Entry& other) {
                                       return other.kind == Entry::Kind::delivery && other.subject == subject;
                                     }),
                      entries.end());
        return true;
      }
    }
    return false;
  });
}

BOOST_AUTO_TEST_CASE(a_world_that_never_comes_to_rest, *label("G6")) {
  notices("G6", [](Run& run) { return !(run.history.came_to_rest = false); });
}

BOOST_AUTO_TEST_SUITE_END()
