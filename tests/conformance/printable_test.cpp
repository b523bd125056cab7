#include "conformance/printable.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace mock::conformance;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(bytes_outside_printable_ascii_are_escaped) {
  BOOST_TEST(printable("a b~") == "a b~");
  BOOST_TEST(printable("\x1b[2J\n\xc3\xa9\x7f") == "\\x1b[2J\\x0a\\xc3\\xa9\\x7f");
  BOOST_TEST(printable(std::string(1, '\0')) == "\\x00");
}

BOOST_AUTO_TEST_CASE(shell_words_are_quoted_only_where_needed) {
  BOOST_TEST(shell_word("certs/ca.pem") == "certs/ca.pem");
  BOOST_TEST(shell_word("my ca.pem") == "'my ca.pem'");
  BOOST_TEST(shell_word("it's") == "'it'\\''s'");
  BOOST_TEST(shell_word("") == "''");
}

BOOST_AUTO_TEST_SUITE_END()
