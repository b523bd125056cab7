#include "prospero/webhooks/testing/builder.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <variant>

namespace utf = boost::unit_test;
namespace json = boost::json;
namespace pw = prospero::webhooks;
using pw::testing::PayloadBuilder;

BOOST_AUTO_TEST_SUITE(builder)

BOOST_AUTO_TEST_CASE(every_webhook_event_builds_a_push_with_the_fields_of_the_contract,
                     *utf::label("T1") * utf::label("T2") * utf::label("T3")) {
  for (const auto event : pw::all_webhook_events) {
    const auto payload = PayloadBuilder{event}.payload();
    BOOST_TEST(bool(pw::known_event(payload) == event));
    const auto* const header = pw::header(payload);
    BOOST_REQUIRE(header != nullptr);
    BOOST_TEST(header->id.version() == 1);
    BOOST_TEST(header->org_id.has_value());
    BOOST_TEST(header->created_at.has_value());
    BOOST_TEST(bool(header->last_updated_at == header->created_at));
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_invented_beyond_them, *utf::label("T4")) {
  BOOST_TEST(PayloadBuilder{pw::WebhookEvent::offer_created}.data().size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_unknown_name_builds_an_unknown_payload, *utf::label("E10")) {
  const auto payload = PayloadBuilder{"budget.approved"}.payload();
  BOOST_TEST(std::get<pw::UnknownPayload>(payload).event_name() == "budget.approved");
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_bytes_and_another_one_another_entity) {
  const auto body = [](std::uint64_t seed) { return PayloadBuilder{pw::WebhookEvent::event_created, seed}.body(); };
  BOOST_TEST(body(7) == body(7));
  BOOST_TEST(body(7) != body(8));
}

BOOST_AUTO_TEST_CASE(own_fields_are_set_by_pointer_and_removed_by_name) {
  PayloadBuilder builder{pw::WebhookEvent::invoice_updated};
  builder.set("/status", "paid").set("/lines/-", 1).set("/a~1b/c~0d", true).without("lastUpdatedAt");
  builder.set("/list", json::array{1, 2}).set("/list/1", 5).set("/list/-", 6);
  const auto data = json::parse(builder.body()).at("data");
  BOOST_TEST(data.at("status").as_string() == "paid");
  BOOST_TEST(data.at("a/b").at("c~d").as_bool());
  BOOST_TEST(data.at("list") == (json::array{1, 5, 6}));
  BOOST_TEST(!data.as_object().contains("lastUpdatedAt"));
}

BOOST_AUTO_TEST_CASE(a_pointer_that_leads_nowhere_is_refused) {
  PayloadBuilder builder{pw::WebhookEvent::invoice_updated};
  builder.set("/list", json::array{1});
  for (const char* bad : {"", "status", "/id/x", "/list/2", "/list/x", "/list/-1"})
    BOOST_CHECK_THROW(builder.set(bad, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
