#include "cli/terminal_text.hpp"

#include <boost/test/unit_test.hpp>

using mock::cli::for_terminal;

BOOST_AUTO_TEST_SUITE(terminal_text)

BOOST_AUTO_TEST_CASE(letters_of_any_script_stay) {
  for (const char* text : {"", "Opera", "Théâtre — 歌劇院 🎭", "a\\b"}) BOOST_TEST(for_terminal(text) == text);
}

BOOST_AUTO_TEST_CASE(what_steers_a_terminal_is_spelled_out) {
  BOOST_TEST(for_terminal("a\x1b[31mb\nc\td\x7f") == "a\\u{1b}[31mb\\u{a}c\\u{9}d\\u{7f}");
  BOOST_TEST(for_terminal("\xc2\x9b"
                          "31m") == "\\u{9b}31m");
  BOOST_TEST(for_terminal("a\xe2\x80\xae"
                          "b\xe2\x81\xa6"
                          "c\xe2\x80\xa8") == "a\\u{202e}b\\u{2066}c\\u{2028}");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_spelled_out) {
  BOOST_TEST(for_terminal("\xff") == "\\xff");
  BOOST_TEST(for_terminal("\xc0\x8a") == "\\xc0\\x8a");           // overlong
  BOOST_TEST(for_terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // half of a surrogate pair
  BOOST_TEST(for_terminal("\xe2\x80") == "\\xe2\\x80");           // cut off
}

BOOST_AUTO_TEST_SUITE_END()
