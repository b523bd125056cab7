#include "prospero/webhooks/testing/client.hpp"

#include <boost/test/unit_test.hpp>

#include "prospero/webhooks/receive/inbox.hpp"

namespace utf = boost::unit_test;
namespace pw = prospero::webhooks;
namespace pwt = prospero::webhooks::testing;

BOOST_AUTO_TEST_CASE(a_push_is_in_the_inbox_when_its_answer_is_there, *utf::label("D3") * utf::label("R3")) {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = {{"/hook/first", "opera"}, {"/hook/second", "ballet"}};
  pw::Receiver receiver{*inbox, options};

  const pwt::InProcessClient first{receiver}, second{receiver, "/hook/second"};
  BOOST_TEST(first.post(pwt::PayloadBuilder{pw::WebhookEvent::offer_created}).status == 200);
  BOOST_TEST(inbox->counts().pending == 1u);
  BOOST_TEST(second.post("no JSON").status == 200);
  BOOST_TEST(inbox->counts().quarantined == 1u);
  BOOST_TEST(inbox->list({}, 1).rows.at(0).source == "ballet");
}
