#include "consumer/terminal_text.hpp"

#include <boost/test/unit_test.hpp>

using consumer::for_terminal;

BOOST_AUTO_TEST_SUITE(terminal_text)

BOOST_AUTO_TEST_CASE(text_in_utf8_stays_as_it_is) {
  for (const char* text : {"", "{\"a\": [1,\t\"\\u001b\"]}\n", "Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x8E\xAD"})
    BOOST_TEST(for_terminal(text) == text);
}

BOOST_AUTO_TEST_CASE(what_steers_a_terminal_is_shown_as_its_bytes) {
  BOOST_TEST(for_terminal("a\x1b[2J\r\x7f") == "a\\x1B[2J\\x0D\\x7F");
  BOOST_TEST(for_terminal("\xC2\x9B") == "\\xC2\\x9B");           // CSI as one character
  BOOST_TEST(for_terminal("\xE2\x80\xAE") == "\\xE2\\x80\\xAE");  // right-to-left override
  BOOST_TEST(for_terminal(std::string_view("\0", 1)) == "\\x00");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_shown_one_by_one) {
  BOOST_TEST(for_terminal("\xFFz") == "\\xFFz");
  BOOST_TEST(for_terminal("\xC0\x9B") == "\\xC0\\x9B");           // overlong
  BOOST_TEST(for_terminal("\xE0\x80\x9B") == "\\xE0\\x80\\x9B");  // overlong
  BOOST_TEST(for_terminal("\xED\xA0\x80") == "\\xED\\xA0\\x80");  // surrogate
  BOOST_TEST(for_terminal("\xE2\x82") == "\\xE2\\x82");           // cut off
  BOOST_TEST(for_terminal("\xC3"
                          "a") ==
             "\\xC3"
             "a");
}

BOOST_AUTO_TEST_SUITE_END()
