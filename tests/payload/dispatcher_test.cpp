#include <prospero/webhooks/payload/dispatcher.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

pw::AnyPayload push(std::string_view event) {
  return pw::parse(R"({"event":")" + std::string{event} +
                   R"(","data":{"id":"5d1c3a70-c9f1-11ef-8f3a-0242ac120002","status":"draft"}})")
      .value();
}

// What was called, in order.
using Calls = std::vector<std::string>;

pw::Dispatcher recording(Calls& calls) {
  return pw::Dispatcher{[&calls](const pw::AnyPayload& payload, pw::Delivery&, pw::Known known) {
    calls.push_back(std::string{pw::event_name(payload)} + (known == pw::Known::yes ? " known" : " unknown"));
  }};
}

std::string message_of(const auto& call) {
  try {
    call();
  } catch (const std::logic_error& error) {
    return error.what();
  }
  return "nothing thrown";
}

struct MyOffer {
  pw::Uuid id;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(MyOffer, (), (id, status))

struct Priced {
  double price = 0;
};
BOOST_DESCRIBE_STRUCT(Priced, (), (price))

const auto ignore_updated = [](const pw::EventUpdated&, pw::Delivery&) {};

}  // namespace

BOOST_AUTO_TEST_SUITE(dispatcher)

BOOST_AUTO_TEST_CASE(a_fallback_is_mandatory, *label("E10")) {
  static_assert(!std::is_default_constructible_v<pw::Dispatcher>);
  BOOST_CHECK_THROW(pw::Dispatcher{pw::Dispatcher::Fallback{}}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_push_goes_to_its_handler_and_no_other, *label("E3") * label("E7")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::EventUpdated>([&](const pw::EventUpdated& push, const pw::Delivery& how) {
    calls.push_back("updated " + to_text(push.data().id()) + " from " + how.source);
  });
  dispatcher.on<pw::OfferCreated>([&](const pw::OfferCreated&, pw::Delivery&) { calls.push_back("offer"); });
  pw::Delivery how;
  how.source = "main";
  dispatcher.dispatch(push("event.updated"), how);
  dispatcher.dispatch(push("offer.created"), how);
  const Calls expected{"updated 5d1c3a70-c9f1-11ef-8f3a-0242ac120002 from main", "offer"};
  BOOST_TEST(calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_handler_may_leave_its_types_to_the_compiler) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on_any<pw::Invoice>(
      [&](auto& push, auto& how) { calls.push_back(how.source + std::to_string(push.index())); });
  dispatcher.on<pw::OfferCreated, MyOffer>([&](auto& offer, auto&) { calls.push_back(offer.status); });
  pw::Delivery how;
  how.source = "invoice ";
  dispatcher.dispatch(push("invoice.deleted"), how);
  dispatcher.dispatch(push("offer.created"), how);
  const Calls expected{"invoice 1", "draft"};
  BOOST_TEST(calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_fallback_gets_the_rest_and_is_told_whether_it_is_known, *label("E10")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::EventUpdated>(ignore_updated);
  pw::Delivery how;
  dispatcher.dispatch(push("event.created"), how);
  dispatcher.dispatch(push("venue.created"), how);
  dispatcher.dispatch(push("event.updated"), how);
  const Calls expected{"event.created known", "venue.created unknown"};
  BOOST_TEST(calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_family_handler_gets_its_three_webhook_events, *label("E4") * label("E5") * label("E6")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on_any<pw::Invoice>([&](const pw::AnyOf<pw::Invoice>& push, pw::Delivery&) {
    const pw::Invoice& invoice = pw::entity(push);
    calls.push_back(std::string{to_text(pw::known_event(push))} + " " +
                    std::string{invoice.fields().at("status").as_string()});
  });
  pw::Delivery how;
  for (const char* name : {"invoice.created", "invoice.deleted", "invoice.updated", "offer.updated"}) {
    dispatcher.dispatch(push(name), how);
  }
  const Calls expected{"invoice.created draft", "invoice.deleted draft", "invoice.updated draft",
                       "offer.updated known"};
  BOOST_TEST(calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(registered_lists_names_in_the_order_of_the_contract, *label("S2")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  BOOST_TEST(dispatcher.registered().empty());
  dispatcher.on_any<pw::Offer>([](const pw::AnyOf<pw::Offer>&, pw::Delivery&) {});
  dispatcher.on<pw::EventUpdated>(ignore_updated);
  const std::vector<std::string_view> expected{"event.updated", "offer.created", "offer.deleted", "offer.updated"};
  BOOST_TEST(dispatcher.registered() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_second_handler_is_refused_naming_both, *label("E3")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::EventUpdated>(ignore_updated);
  BOOST_TEST(message_of([&] { dispatcher.on<pw::EventUpdated>(ignore_updated); }) ==
             "on<event.updated>: event.updated has a handler already, from on<event.updated>");
  BOOST_TEST(message_of([&] {
               dispatcher.on_any<pw::CalendarEvent>([](const pw::AnyOf<pw::CalendarEvent>&, pw::Delivery&) {});
             }) == "on_any<event>: event.updated has a handler already, from on<event.updated>");
  const std::vector<std::string_view> expected{"event.updated"};
  BOOST_TEST(dispatcher.registered() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_late_handler_is_refused, *label("E10")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  pw::Delivery how;
  dispatcher.dispatch(push("venue.created"), how);
  BOOST_TEST(message_of([&] {
               dispatcher.on<pw::EventUpdated>(ignore_updated);
             }).starts_with("on<event.updated>: register handlers before the first dispatch"));
  BOOST_TEST(dispatcher.registered().empty());
}

BOOST_AUTO_TEST_CASE(what_a_handler_throws_comes_through, *label("E3")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::EventUpdated>([](const pw::EventUpdated&, pw::Delivery&) { throw std::runtime_error{"busy"}; });
  pw::Delivery how;
  BOOST_CHECK_EXCEPTION(dispatcher.dispatch(push("event.updated"), how), std::runtime_error,
                        [](const std::runtime_error& error) { return error.what() == std::string{"busy"}; });
}

BOOST_AUTO_TEST_CASE(a_typed_handler_gets_the_applications_type, *label("E7") * label("T4")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::OfferCreated, MyOffer>([&](const MyOffer& offer, pw::Delivery&) { calls.push_back(offer.status); });
  pw::Delivery how;
  dispatcher.dispatch(push("offer.created"), how);
  const Calls expected{"draft"};
  BOOST_TEST(calls == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_entity_that_does_not_fit_the_type_is_told_and_no_handler_called, *label("E7") * label("T4")) {
  Calls calls;
  pw::Dispatcher dispatcher = recording(calls);
  dispatcher.on<pw::OfferCreated, Priced>([&](const Priced&, pw::Delivery&) { calls.push_back("called"); });
  pw::Delivery how;
  BOOST_CHECK_EXCEPTION(dispatcher.dispatch(push("offer.created"), how), pw::PayloadException,
                        [](const pw::PayloadException& e) { return e.error().pointer() == "/data/price"; });
  BOOST_TEST(calls.empty());
}

BOOST_AUTO_TEST_CASE(handlers_may_change_their_delivery_and_move_with_the_dispatcher, *label("E3")) {
  Calls calls;
  pw::Dispatcher first = recording(calls);
  first.on<pw::EventUpdated>([](const pw::EventUpdated&, pw::Delivery& how) { how.copies = 7; });
  const pw::Dispatcher second = std::move(first);
  pw::Delivery how;
  second.dispatch(push("event.updated"), how);
  BOOST_TEST(how.copies == 7u);
}

BOOST_AUTO_TEST_SUITE_END()
