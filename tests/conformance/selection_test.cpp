#include "conformance/selection.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

#include "conformance/registry.hpp"

namespace utf = boost::unit_test;
using namespace mock::conformance;
using Names = std::vector<std::string>;

namespace {

std::string selected_ids(const SelectionOptions& options) {
  std::string ids;
  for (const auto& selected : select(all_cases(), options)) {
    ids += (ids.empty() ? "" : " ") + selected.definition->id + (selected.left_out ? "(out)" : "");
  }
  return ids;
}

std::string refusal_of(const SelectionOptions& options) {
  try {
    select(all_cases(), options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(selection)

BOOST_AUTO_TEST_CASE(only_takes_an_id_a_clause_or_a_clause_letter) {
  BOOST_TEST(selected_ids({.only = {"D3-exactly-200"}, .skip = {}, .events = {}}) == "D3-exactly-200");
  BOOST_TEST(selected_ids({.only = {"D4"}, .skip = {}, .events = {}}) == "D4-in-time D4-margin D4-burst D4-sustained");
  BOOST_TEST(select(all_cases(), {.only = {"D", "E", "H", "R", "T"}, .skip = {}, .events = {}}).size() ==
             all_cases().size());
}

BOOST_AUTO_TEST_CASE(e1_is_not_a_prefix_of_e10) {
  BOOST_TEST(selected_ids({.only = {"E1"}, .skip = {}, .events = {}}) == "E1-event-created");
  BOOST_TEST(selected_ids({.only = {"E10"}, .skip = {}, .events = {}}) ==
             "E10-known-after-unknown E10-unknown-gets-200 E10-unknown-is-processed");
}

BOOST_AUTO_TEST_CASE(skip_leaves_out_and_stays_visible) {
  BOOST_TEST(selected_ids({.only = {"D4"}, .skip = {"D4-burst"}, .events = {}}) ==
             "D4-in-time D4-margin D4-burst(out) D4-sustained");
}

BOOST_AUTO_TEST_CASE(a_filter_that_matches_nothing_is_refused_and_the_nearest_suggested) {
  BOOST_TEST(mentions(refusal_of({.only = {"D3-exactly"}, .skip = {}, .events = {}}), "the nearest is D3-exactly-200"));
  BOOST_TEST(
      mentions(refusal_of({.only = {"D3-exactyl-200"}, .skip = {}, .events = {}}), "the nearest is D3-exactly-200"));
  BOOST_TEST(mentions(refusal_of({.only = {"e10"}, .skip = {}, .events = {}}), "the nearest is E10"));
  BOOST_TEST(mentions(refusal_of({.only = {}, .skip = {"D4-brst"}, .events = {}}), "--skip 'D4-brst'"));
  BOOST_TEST(mentions(refusal_of({.only = {}, .skip = {"D4-brst"}, .events = {}}), "the nearest is D4-burst"));
  BOOST_TEST(refusal_of({.only = {"D3", "D"}, .skip = {"E"}, .events = {}}) == "accepted");
  BOOST_TEST(refusal_of({.only = {""}, .skip = {}, .events = {}}) != "accepted");
  BOOST_TEST(mentions(refusal_of({.only = {"\x1b[2J"}, .skip = {}, .events = {}}), "\\x1b[2J"));
}

BOOST_AUTO_TEST_CASE(webhook_events_not_listened_to_weigh_as_advice, *utf::label("S2")) {
  for (const auto& selected : select(all_cases(), {.only = {}, .skip = {}, .events = {"invoice.updated"}})) {
    const auto& c = *selected.definition;
    const bool other = !c.event.empty() && c.event != "invoice.updated";
    BOOST_TEST((selected.strength == (other ? Strength::advice : c.strength)), c.id);
  }
}

BOOST_AUTO_TEST_CASE(only_webhook_events_listened_to_are_pushed_by_the_other_cases, *utf::label("S2")) {
  BOOST_TEST(events_to_push({}).size() == 9u);
  const Names wanted{"event.updated", "offer.created"};
  BOOST_TEST(
      events_to_push({.only = {}, .skip = {}, .events = {"offer.created", "event.updated", "offer.created"}}) == wanted,
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_webhook_event_that_does_not_exist_is_refused) {
  BOOST_TEST(
      mentions(refusal_of({.only = {}, .skip = {}, .events = {"invoice.update"}}), "the nearest is invoice.updated"));
}

BOOST_AUTO_TEST_SUITE_END()
