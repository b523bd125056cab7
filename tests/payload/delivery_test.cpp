#include <prospero/webhooks/payload/delivery.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(delivery, *label("D2"))

BOOST_AUTO_TEST_CASE(identity_is_64_lower_case_hex_digits) {
  pw::Identity identity;
  for (std::size_t i = 0; i < identity.bytes.size(); ++i) identity.bytes[i] = static_cast<std::uint8_t>(i * 8 + 7);
  const std::string text = identity.hex();
  BOOST_TEST(text == "070f171f272f373f474f575f676f777f878f979fa7afb7bfc7cfd7dfe7eff7ff");
  BOOST_TEST((pw::Identity::from_hex(text) == identity));
  BOOST_TEST((pw::Identity::from_hex("070F171F272F373F474F575F676F777F878F979FA7AFB7BFC7CFD7DFE7EFF7FF") == identity));
}

BOOST_AUTO_TEST_CASE(other_text_is_no_identity) {
  for (const std::string& text :
       {std::string{}, std::string(63, '0'), std::string(65, '0'), std::string(63, '0') + "g"}) {
    BOOST_TEST(!pw::Identity::from_hex(text).has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
