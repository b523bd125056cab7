#include "conformance/registry.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>
#include <set>
#include <string>

#include "contract/clauses.hpp"
#include "contract/values.hpp"

using namespace mock::conformance;

namespace {

// Changing one of these changes the verdict on somebody's consumer: it needs a line in the changelog.
const std::string strengths = R"(D1-256-kib SHOULD
D1-chunked SHOULD
D1-connection-close SHOULD
D1-empty-body ADVICE
D1-keep-alive SHOULD
D1-large-body SHOULD
D1-malformed ADVICE
D1-malformed-is-listed ADVICE
D1-member-order SHOULD
D1-not-utf8 ADVICE
D1-other-methods ADVICE
D1-other-path ADVICE
D1-over-256-kib ADVICE
D1-oversize ADVICE
D1-post-taken MUST
D1-slow-sender SHOULD
D1-unicode MUST
D2-charset SHOULD
D2-header-spelling SHOULD
D2-other-sender SHOULD
D3-exactly-200 MUST
D3-no-echo ADVICE
D3-no-software-hint ADVICE
D3-no-stack-trace ADVICE
D4-burst MUST
D4-in-time MUST
D4-margin ADVICE
D4-sustained SHOULD
D5-cut-body SHOULD
D5-cut-head SHOULD
D5-left-before-answer SHOULD
D5-silent-connections ADVICE
D5-slow-connections ADVICE
D6-path-entropy ADVICE
D6-public-url MUST
D7-expiry ADVICE
D7-old-tls ADVICE
D7-resumption ADVICE
D7-sni ADVICE
D7-tls12 ADVICE
D7-tls13 ADVICE
D8-delete-before-update SHOULD
D8-retry-after-newer SHOULD
D8-update-before-create SHOULD
D9-bulk SHOULD
D9-bulk-is-processed SHOULD
E1-event-created MUST
E10-known-after-unknown MUST
E10-unknown-gets-200 SHOULD
E10-unknown-is-processed SHOULD
E2-event-deleted MUST
E3-event-updated MUST
E4-invoice-created MUST
E5-invoice-deleted MUST
E6-invoice-updated MUST
E7-offer-created MUST
E8-offer-deleted MUST
E9-offer-updated MUST
H3-late-creation SHOULD
H4-update-after-deletion SHOULD
H8-older-update SHOULD
R1-answers-after-crash SHOULD
R3-answered-is-processed SHOULD
R3-crash-loses-nothing SHOULD
R5-copies-at-once SHOULD
R5-copies-at-once-act-once SHOULD
R5-copy SHOULD
R5-copy-acts-once SHOULD
T2-lone-dates SHOULD
T3-no-times SHOULD
T4-lone-surrogate ADVICE
T4-long-numbers ADVICE
T4-nested-fields SHOULD
T4-unknown-fields SHOULD
T6-restore SHOULD
T7-id-only SHOULD
)";

// Why a clause has no case.
const std::map<std::string, std::string> without_case{
    {"R2", "the sender's schedule"},
    {"R4", "the sender's schedule"},
    {"X1", "the sender's rule"},
    {"X2", "the sender's rule"},
    {"X3", "the sender's rule"},
    {"X4", "the sender's rule"},
    {"E11", "which webhook event an archive fires is the sender's choice"},
    {"S1", "the sender selects by Organization"},
    {"S2", "the sender selects by subscription; see --events"},
    {"S3", "Prospero's staff do it"},
    {"T1", "every id that the suite sends is one; a consumer may treat it as text"},
    {"T5", "errors of Prospero's REST API, which the suite does not play"},
    {"G1", "the sender's rule"},
    {"G2", "the sender's rule"},
    {"G3", "the sender's rule"},
    {"G4", "the sender's rule"},
    {"G5", "a copy, which R5-copy sends"},
    {"G6", "the sender's clock"},
    {"G7", "the sender's clock"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(strength_and_clause_of_each_id_are_pinned) {
  std::set<std::string> lines;
  for (const auto& c : all_cases()) {
    lines.insert(c.id + " " + std::string(to_text(c.strength)) + "\n");
  }
  std::string all;
  for (const auto& line : lines) all += line;
  BOOST_TEST(all == strengths);
}

BOOST_AUTO_TEST_CASE(a_must_rests_on_a_stated_clause) {
  const std::set<std::string> stated{"D1", "D3", "D4", "D6", "E1", "E2", "E3",
                                     "E4", "E5", "E6", "E7", "E8", "E9", "E10"};
  for (const auto& c : all_cases()) {
    BOOST_TEST((c.strength != Strength::must || stated.contains(c.clause)), c.id);
  }
}

BOOST_AUTO_TEST_CASE(every_clause_has_a_case_or_a_reason) {
  for (const auto& clause : mock::contract::clauses()) {
    const std::string id(clause.id);
    const bool tried = std::ranges::any_of(all_cases(), [&](const Case& c) { return c.clause == id; });
    const bool freshness = id.starts_with("H");  // its rows are one rule, of which some are tried
    BOOST_TEST((tried || freshness || without_case.contains(id)), id);
  }
}

BOOST_AUTO_TEST_CASE(ids_are_unique_and_start_with_their_clause) {
  std::set<std::string> ids;
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST(ids.insert(c.id).second);
      BOOST_TEST(c.id.starts_with(c.clause + "-"));
      BOOST_TEST(c.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-", 1) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_clause_is_one_of_the_contract) {
  for (const auto& c : all_cases()) {
    BOOST_TEST((mock::contract::find_clause(c.clause) != nullptr), c.id);
  }
}

BOOST_AUTO_TEST_CASE(every_case_says_what_it_asks_for) {
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST(!c.title.empty());
      BOOST_TEST(!c.requirement.empty());
      BOOST_TEST(!c.expected.empty());
      BOOST_TEST((c.run != nullptr));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_case_runs_after_the_one_that_it_rests_on_which_is_a_must_or_of_a_deeper_level) {
  std::set<std::string> earlier;
  for (const auto& c : all_cases()) {
    BOOST_TEST_CONTEXT(c.id) {
      BOOST_TEST((c.rests_on.empty() || earlier.contains(c.rests_on)));
      const auto* const base = find_case(c.rests_on);
      BOOST_TEST((base == nullptr || base->strength == Strength::must || base->needs.level == c.needs.level));
    }
    earlier.insert(c.id);
  }
}

// What the table of docs/conformance.md calls the level.
BOOST_AUTO_TEST_CASE(the_level_of_each_deeper_case_is_pinned) {
  std::string deeper;
  for (const auto& c : all_cases()) {
    if (c.needs.level == Level::black_box) continue;
    deeper += c.id + " " + std::string(to_text(c.needs.level)) + (c.needs.witness ? ", asks the witness\n" : "\n");
  }
  BOOST_TEST(deeper == R"(R3-answered-is-processed witness, asks the witness
D9-bulk-is-processed witness, asks the witness
R5-copy-acts-once witness, asks the witness
R5-copies-at-once-act-once witness, asks the witness
H3-late-creation witness, asks the witness
H4-update-after-deletion witness, asks the witness
H8-older-update witness, asks the witness
E10-unknown-is-processed witness, asks the witness
D1-malformed-is-listed witness, asks the witness
R1-answers-after-crash crash
R3-crash-loses-nothing crash, asks the witness
)");
}

BOOST_AUTO_TEST_CASE(each_of_the_nine_webhook_events_has_its_case) {
  std::set<std::string> events;
  for (const auto& c : all_cases()) {
    events.insert(c.event);
  }
  for (const auto known : mock::contract::webhook_events) {
    BOOST_TEST(events.contains(std::string(known)));
  }
}

BOOST_AUTO_TEST_CASE(an_id_that_does_not_exist_is_not_found) {
  BOOST_TEST(find_case("D3-exactly-200")->clause == "D3");
  BOOST_TEST((find_case("D3") == nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
