#include <prospero/webhooks/receive/freshness.hpp>

#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::Change;
using pw::Freshness;

namespace {

pw::Identity identity(char name) {
  pw::Identity one{};
  one.bytes[0] = static_cast<std::uint8_t>(name);
  return one;
}

// "U5a": updated, time 5, bytes a; "C-a": created, time unknown; a trailing `?` is an unsure head.
pw::PushFacts facts(const std::string& text) {
  pw::PushFacts push;
  push.change = text[0] == 'C' ? Change::created : text[0] == 'D' ? Change::deleted : Change::updated;
  if (text[1] != '-') push.changed_at = pw::Timestamp{text[1] - '0', 0};
  push.identity = identity(text[2]);
  return push;
}

std::optional<pw::Head> head(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return pw::Head{facts(text), text.back() == '?'};
}

std::string shown(const pw::Head& head) {
  std::string text = head.push.change == Change::created ? "C" : head.push.change == Change::deleted ? "D" : "U";
  text += head.push.changed_at ? std::to_string(head.push.changed_at->seconds) : "-";
  text += static_cast<char>(head.push.identity.bytes[0]);
  return text + (head.unsure ? "?" : "");
}

struct Row {
  const char* clause;
  const char* head;
  const char* push;
  Freshness freshness;
  const char* head_after;
};

void check(const Row& row) {
  BOOST_TEST_CONTEXT(row.clause << ": head " << row.head << ", push " << row.push) {
    const auto verdict = pw::judge(head(row.head), facts(row.push));
    BOOST_TEST(to_text(verdict.freshness) == to_text(row.freshness));
    BOOST_TEST(shown(verdict.head) == row.head_after);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(freshness)

BOOST_AUTO_TEST_CASE(every_row_of_section_H_gives_its_verdict_and_head, *label("H1") * label("H2") * label("H3") *
                                                                            label("H4") * label("H5") * label("H6") *
                                                                            label("H7") * label("H8") * label("H9")) {
  const Row rows[] = {
      {"H1", "", "U5a", Freshness::fresh, "U5a"},
      {"H1", "", "D-a", Freshness::fresh, "D-a"},
      {"H1", "", "C5a", Freshness::fresh, "C5a"},
      {"H2", "U5a", "U5a", Freshness::copy, "U5a"},
      {"H2", "U5a?", "U5a", Freshness::ambiguous, "U5a?"},
      {"H2", "C-a", "C-a", Freshness::copy, "C-a"},
      {"H2", "D5a?", "D5a", Freshness::ambiguous, "D5a?"},
      {"H2", "D9a?", "U5a", Freshness::ambiguous, "D9a?"},  // observed_gone after it
      {"H3", "C5a", "C5b", Freshness::ambiguous, "C5a?"},
      {"H3", "C5a", "C4b", Freshness::ambiguous, "C5a?"},
      {"H3", "U5a", "C6b", Freshness::ambiguous, "U5a?"},
      {"H3", "U5a", "C5b", Freshness::stale, "U5a"},
      {"H3", "U5a?", "C5b", Freshness::stale, "U5a?"},
      {"H3", "U5a", "C-b", Freshness::stale, "U5a"},
      {"H3", "U-a", "C5b", Freshness::stale, "U-a"},
      {"H3", "D5a", "C6b", Freshness::ambiguous, "D5a?"},
      {"H3", "D5a", "C5b", Freshness::stale, "D5a"},
      {"H4", "D5a", "U6b", Freshness::ambiguous, "U6b?"},
      {"H4", "D5a", "U5b", Freshness::stale, "D5a"},
      {"H4", "D5a", "U4b", Freshness::stale, "D5a"},
      {"H4", "D-a", "U5b", Freshness::stale, "D-a"},
      {"H4", "D5a?", "U-b", Freshness::stale, "D5a?"},
      {"H5", "D5a", "D5b", Freshness::ambiguous, "D5b?"},
      {"H5", "D5a", "D4b", Freshness::ambiguous, "D4b?"},
      {"H5", "D-a", "D9b", Freshness::ambiguous, "D9b?"},
      {"H6", "U5a", "D4b", Freshness::ambiguous, "D4b?"},
      {"H6", "U5a", "D5b", Freshness::fresh, "D5b"},
      {"H6", "U5a?", "D6b", Freshness::fresh, "D6b"},
      {"H6", "C5a", "D-b", Freshness::fresh, "D-b"},
      {"H6", "C5a", "D4b", Freshness::ambiguous, "D4b?"},
      {"H7", "C5a", "U4b", Freshness::ambiguous, "C5a?"},
      {"H7", "C5a", "U5b", Freshness::fresh, "U5b"},
      {"H7", "C5a?", "U6b", Freshness::fresh, "U6b"},
      {"H7", "C-a", "U4b", Freshness::fresh, "U4b"},
      {"H8", "U5a", "U6b", Freshness::fresh, "U6b"},
      {"H8", "U5a?", "U6b", Freshness::fresh, "U6b"},
      {"H8", "U5a", "U4b", Freshness::stale, "U5a"},
      {"H8", "U5a?", "U4b", Freshness::stale, "U5a?"},
      {"H9", "U5a", "U5b", Freshness::ambiguous, "U5b?"},
      {"H9", "U5a", "U-b", Freshness::ambiguous, "U-b?"},
      {"H9", "U-a", "U5b", Freshness::ambiguous, "U5b?"},
  };
  for (const Row& row : rows) check(row);
}

BOOST_AUTO_TEST_CASE(times_are_compared_to_the_nanosecond, *label("H8")) {
  pw::PushFacts earlier = facts("U5a"), later = facts("U5b");
  later.changed_at->nanoseconds = 1;
  BOOST_TEST((pw::judge(pw::Head{earlier, false}, later).freshness == Freshness::fresh));
  BOOST_TEST((pw::judge(pw::Head{later, false}, earlier).freshness == Freshness::stale));
}

BOOST_AUTO_TEST_CASE(observation_raises_the_time_or_deletes_or_revives_and_always_leaves_the_head_unsure,
                     *label("H9")) {
  const pw::Observation at_7{false, pw::Timestamp{7, 0}}, gone{true, std::nullopt};
  const auto after = [](const char* before, const pw::Observation& observation) {
    return shown(pw::with_observation(*head(before), observation));
  };
  BOOST_TEST(after("U5a", at_7) == "U7a?");
  BOOST_TEST(after("U9a?", at_7) == "U9a?");
  BOOST_TEST(after("U-a", at_7) == "U7a?");
  BOOST_TEST(after("D5a", at_7) == "U7a?");  // it came back
  BOOST_TEST(after("U5a", gone) == "D5a?");
  BOOST_TEST(after("C-a?", gone) == "D-a?");
}

BOOST_AUTO_TEST_CASE(only_a_known_earlier_time_is_too_old) {
  const auto too_old = [](std::optional<pw::Timestamp> seen, const char* push) {
    return pw::is_too_old({false, seen}, facts(push));
  };
  BOOST_TEST(too_old(pw::Timestamp{4, 0}, "U5a"));
  BOOST_TEST(!too_old(pw::Timestamp{5, 0}, "U5a"));
  BOOST_TEST(!too_old(pw::Timestamp{4, 0}, "U-a"));
  BOOST_TEST(!too_old(std::nullopt, "U5a"));
  BOOST_TEST(!pw::is_too_old({true, std::nullopt}, facts("U5a")));
}

BOOST_AUTO_TEST_SUITE_END()
