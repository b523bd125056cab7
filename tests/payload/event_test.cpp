#include <prospero/webhooks/payload/event.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(event)

BOOST_AUTO_TEST_CASE(the_nine_names_are_those_of_the_contract, *label("E1") * label("E2") * label("E3") * label("E4") *
                                                                   label("E5") * label("E6") * label("E7") *
                                                                   label("E8") * label("E9")) {
  const char* const names[] = {"event.created",   "event.deleted",   "event.updated",
                               "invoice.created", "invoice.deleted", "invoice.updated",
                               "offer.created",   "offer.deleted",   "offer.updated"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    BOOST_TEST(to_text(pw::all_webhook_events[i]) == names[i]);
    BOOST_TEST((pw::webhook_event_from_text(names[i]) == pw::all_webhook_events[i]));
  }
}

BOOST_AUTO_TEST_CASE(a_name_is_its_family_and_its_change, *label("E1")) {
  for (const pw::WebhookEvent event : pw::all_webhook_events) {
    const pw::Family family = pw::family_of(event);
    const pw::Change change = pw::change_of(event);
    BOOST_TEST((pw::webhook_event(family, change) == event));
    BOOST_TEST(std::string{to_text(family)} + "." + std::string{to_text(change)} == to_text(event));
    BOOST_TEST((pw::family_from_text(to_text(family)) == family));
    BOOST_TEST((pw::change_from_text(to_text(change)) == change));
  }
}

BOOST_AUTO_TEST_CASE(other_text_names_none, *label("E10")) {
  for (const char* text :
       {"", "event", "Event.created", "event.created ", "event.created.", "event.archived", "project.updated"}) {
    BOOST_TEST(!pw::webhook_event_from_text(text).has_value(), text);
  }
  BOOST_TEST(!pw::family_from_text("calendar_event").has_value());
  BOOST_TEST(!pw::change_from_text("archived").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
