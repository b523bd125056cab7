#include "cli/validators.hpp"

#include <boost/test/unit_test.hpp>

using boost::unit_test::label;
using namespace mock::cli;

BOOST_AUTO_TEST_SUITE(validators)

BOOST_AUTO_TEST_CASE(a_field_is_one_line_of_printable_ascii, *label("D2")) {
  for (const std::string good : {"x", "Prospero/2.0 (+https://example.test)", "a b", "~!"}) {
    BOOST_TEST(field_text(good).empty(), good);
  }
  BOOST_TEST(field_text(std::string(200, 'x')).empty());
  BOOST_TEST(field_text(std::string(201, 'x')) == "it is longer than 200 bytes");
  BOOST_TEST(field_text("") == "it is empty");
  for (const std::string bad : {"a\r\nX: y", "a\tb", "\x7f", "Opéra"}) {
    BOOST_TEST(field_text(bad).find("not printable ASCII") != std::string::npos, field_text(bad));
    BOOST_TEST(field_text(bad).find('\n') == std::string::npos);
  }
  for (const std::string bad : {" a", "a ", " "}) BOOST_TEST(field_text(bad).find("blank") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_whole_number_fits_into_64_bits) {
  for (const std::string good : {"0", "007", "18446744073709551615"}) BOOST_TEST(whole_number(good).empty(), good);
  BOOST_TEST(whole_number("18446744073709551616").find("larger than") != std::string::npos);
  for (const std::string bad : {"", "-1", "+1", "1.5", "1x", " 1"})
    BOOST_TEST(whole_number(bad).find("no whole number") != std::string::npos, bad);
}

BOOST_AUTO_TEST_CASE(a_media_type_may_have_parameters, *label("D2")) {
  for (const std::string good :
       {"application/json", "text/x.y+json", "application/json;charset=utf-8", R"(a/b ; c=d; e="f; \" g")"}) {
    BOOST_TEST(media_type(good).empty(), good);
  }
  for (const std::string bad : {"json", "application/", "/json", "a/b/c", "a/b;", "a/b; c", "a/b; c=", "a b/c",
                                R"(a/b; c="d)", "application/json, text/html"}) {
    BOOST_TEST(media_type(bad).find("no media type") != std::string::npos, bad);
  }
}

BOOST_AUTO_TEST_SUITE_END()
