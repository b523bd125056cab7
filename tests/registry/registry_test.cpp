#include "registry/registry.hpp"

#include <boost/test/unit_test.hpp>

using boost::unit_test::label;
using mock::registry::Registry;
using mock::registry::Webhook;
using mock::world::Refusal;
using mock::world::Refused;

namespace {

Webhook webhook(std::string id, std::string org = "o1", std::string url = "https://a.example/hook",
                std::vector<std::string> events = {"invoice.updated"}) {
  return {std::move(id), std::move(org), url, url, std::move(events), false};
}

template <class Call>
void expect(Refusal why, Call call, std::string_view named = "") {
  try {
    call();
    BOOST_ERROR("not refused");
  } catch (const Refused& refused) {
    BOOST_TEST(static_cast<int>(refused.why()) == static_cast<int>(why));
    const std::string_view text{refused.what()};
    BOOST_TEST(text.find(named) != std::string_view::npos, text);
    BOOST_TEST(text.find("/hook") == std::string_view::npos, text);
  }
}

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(webhook_is_kept_as_registered, *label("S2")) {
  Registry book;
  book.add(webhook("w1", "o1", "https://a.example/hook", {"offer.created", "future.thing", "offer.created"}));
  const auto& kept = book.find("w1");
  BOOST_TEST(kept.url == "https://a.example/hook");
  BOOST_TEST(kept.events == (Names{"offer.created", "future.thing"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(events_must_be_one_or_more_names_of_two_words, *label("S2")) {
  const std::vector<Names> bad{{},        {""},    {"invoice"},  {"invoice."}, {".updated"},
                               {"a.b.c"}, {"a b"}, {"a.b", "x"}, {"a.b\n"},    {std::string(100, 'a') + ".b"}};
  for (const auto& events : bad) {
    Registry book;
    expect(
        Refusal::invalid, [&] { book.add(webhook("w1", "o1", "u", events)); }, "events");
    BOOST_TEST(book.all().empty());
  }
}

BOOST_AUTO_TEST_CASE(one_organization_registers_a_url_once_and_two_may_share_it, *label("G3")) {
  Registry book;
  book.add(webhook("w1", "o1"));
  expect(
      Refusal::conflict, [&] { book.add(webhook("w2", "o1")); }, "w1");
  book.add(webhook("w2", "o2"));
  BOOST_TEST(book.all().size() == 2U);
}

BOOST_AUTO_TEST_CASE(urls_are_compared_by_their_normal_form, *label("G3")) {
  Registry book;
  auto first = webhook("w1");
  first.url = "HTTPS://A.example:443/hook";
  book.add(first);
  expect(Refusal::conflict, [&] { book.add(webhook("w2")); });
  BOOST_TEST(book.find_by_url("https://a.example/hook", {}).url == "HTTPS://A.example:443/hook");
}

BOOST_AUTO_TEST_CASE(webhook_fires_for_its_organization_and_its_events_only, *label("S1") * label("S2")) {
  Registry book;
  book.add(webhook("w1", "o1", "u1", {"invoice.updated", "offer.created"}));
  book.add(webhook("w2", "o1", "u2", {"invoice.updated"}));
  book.add(webhook("w3", "o2", "u1", {"invoice.updated"}));
  BOOST_TEST(book.listeners("o1", "invoice.updated") == (Names{"w1", "w2"}), boost::test_tools::per_element());
  BOOST_TEST(book.listeners("o1", "offer.created") == (Names{"w1"}), boost::test_tools::per_element());
  BOOST_TEST(book.listeners("o2", "invoice.updated") == (Names{"w3"}), boost::test_tools::per_element());
  BOOST_TEST(book.listeners("o1", "Invoice.updated").empty());
  BOOST_TEST(book.listeners("o3", "invoice.updated").empty());
}

BOOST_AUTO_TEST_CASE(deleted_webhook_keeps_its_history_and_frees_its_url, *label("G2")) {
  Registry book;
  book.add(webhook("w1"));
  book.remove("w1");
  BOOST_TEST(book.find("w1").deleted);
  BOOST_TEST(book.listeners("o1", "invoice.updated").empty());
  BOOST_TEST(book.remove("w1").deleted);
  book.add(webhook("w2"));
  BOOST_TEST(!book.find("w2").deleted);
  BOOST_TEST(book.listeners("o1", "invoice.updated") == (Names{"w2"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(delete_by_url_that_matches_several_asks_for_the_organization, *label("S3") * label("G3")) {
  Registry book;
  book.add(webhook("w1", "o1"));
  book.add(webhook("w2", "o2"));
  expect(
      Refusal::conflict, [&] { book.find_by_url("https://a.example/hook", {}); }, "o1, o2");
  BOOST_TEST(book.find_by_url("https://a.example/hook", "o2").id == "w2");
  expect(Refusal::unknown, [&] { book.find_by_url("https://a.example/hook", "o3"); });
  expect(Refusal::unknown, [&] { book.find_by_url("https://b.example/hook", {}); });
  book.remove("w1");
  BOOST_TEST(book.find_by_url("https://a.example/hook", {}).id == "w2");
}

BOOST_AUTO_TEST_CASE(deleted_webhook_cannot_be_enabled, *label("X4")) {
  Registry book;
  book.add(webhook("w1"));
  BOOST_TEST(book.require_enableable("w1").id == "w1");
  book.remove("w1");
  expect(Refusal::conflict, [&] { book.require_enableable("w1"); });
  expect(Refusal::unknown, [&] { book.require_enableable("w9"); });
}

BOOST_AUTO_TEST_SUITE_END()
