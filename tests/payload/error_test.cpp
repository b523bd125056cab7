#include <prospero/webhooks/payload/error.hpp>

#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <system_error>

namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::PayloadCondition;
using pw::PayloadErrc;

BOOST_AUTO_TEST_SUITE(error, *label("D1"))

BOOST_AUTO_TEST_CASE(every_code_has_its_own_message_and_one_condition) {
  std::set<std::string> messages;
  const int last = static_cast<int>(PayloadErrc::field_malformed);
  for (int value = 1; value <= last; ++value) {
    const boost::system::error_code code = static_cast<PayloadErrc>(value);
    BOOST_TEST(code.failed());
    BOOST_TEST(messages.insert(code.message()).second, code.message());
    int conditions = 0;
    for (const auto condition : {PayloadCondition::over_limit, PayloadCondition::not_json, PayloadCondition::not_a_push,
                                 PayloadCondition::does_not_fit}) {
      conditions += code == condition ? 1 : 0;
    }
    BOOST_TEST(conditions == 1, code.message());
  }
  BOOST_TEST(messages.count("unknown error") == 0u);
  BOOST_TEST(boost::system::error_code(last + 1, pw::payload_category()).message() == "unknown error");
}

BOOST_AUTO_TEST_CASE(groups_are_as_documented) {
  BOOST_TEST((pw::condition_of(PayloadErrc::too_deep) == PayloadCondition::over_limit));
  BOOST_TEST((pw::condition_of(PayloadErrc::syntax) == PayloadCondition::not_json));
  BOOST_TEST((pw::condition_of(PayloadErrc::invalid_utf8) == PayloadCondition::not_json));
  BOOST_TEST((pw::condition_of(PayloadErrc::not_an_object) == PayloadCondition::not_a_push));
  BOOST_TEST((pw::condition_of(PayloadErrc::id_not_a_uuid) == PayloadCondition::not_a_push));
  BOOST_TEST((pw::condition_of(PayloadErrc::field_missing) == PayloadCondition::does_not_fit));
}

BOOST_AUTO_TEST_CASE(codes_convert_to_the_standard_library) {
  const std::error_code code = boost::system::error_code{PayloadErrc::too_large};
  BOOST_TEST(code.category().name() == std::string{"prospero.payload"});
  BOOST_TEST(code.message() == boost::system::error_code{PayloadErrc::too_large}.message());
}

BOOST_AUTO_TEST_CASE(a_message_names_byte_and_member) {
  BOOST_TEST(pw::ParseError(PayloadErrc::syntax, 7).message() == "not JSON: this byte cannot stand here (byte 7)");
  BOOST_TEST(pw::ParseError(PayloadErrc::id_not_a_uuid, 38, "/data/id").message() ==
             "not a push: the `id` is no UUID (byte 38, at /data/id)");
  BOOST_TEST(pw::ParseError(PayloadErrc::field_missing, 0, "/data/status").message() ==
             "the entity lacks a member that the type needs (at /data/status)");
}

BOOST_AUTO_TEST_SUITE_END()
