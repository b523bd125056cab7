#include "world/spelled_json.hpp"

#include <boost/test/unit_test.hpp>

using namespace mock::world;

namespace {

std::string problem(std::string_view text, std::size_t depth_max = json_depth_max) {
  try {
    spelled_json(text, depth_max);
  } catch (const MalformedJson& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(spelled_json_text, *boost::unit_test::label("T4"))

BOOST_AUTO_TEST_CASE(only_the_blanks_between_tokens_go) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {" { \"a b\" :\t[ 1.10 , -0 ,2E+05 ] } \r\n", R"({"a b":[1.10,-0,2E+05]})"},
      {R"( "\u00e9\ud83d\ude00\ud800\/" )", R"("\u00e9\ud83d\ude00\ud800\/")"},
      {"[ ]", "[]"},
      {"{ }", "{}"},
      {"[true,false , null]", "[true,false,null]"},
      {"\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
      {R"({"a":1,"a":2})", R"({"a":1,"a":2})"},
  };
  for (const auto& [text, expected] : rows) BOOST_TEST(spelled_json(text) == expected);
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused_with_its_place) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"", "a value is missing here (byte 0)"},
      {"[1,]", "a value is missing here (byte 3)"},
      {"{\"a\"}", "a colon must follow the name of a member (byte 4)"},
      {"{a:1}", "a member must begin with its name in quotes (byte 1)"},
      {"{\"a\":1", "an object does not end (byte 6)"},
      {"[1 2]", "an array does not end (byte 3)"},
      {"\"a", "a string does not end (byte 2)"},
      {"\"\n\"", "a control character inside a string (byte 1)"},
      {"\"\\x\"", "an escape that JSON does not have (byte 2)"},
      {"\"\\u12g4\"", "four hex digits must follow \\u (byte 5)"},
      {"01", "something follows the value (byte 1)"},
      {"1.", "a digit is missing here (byte 2)"},
      {"1e", "a digit is missing here (byte 2)"},
      {"+1", "a value is missing here (byte 0)"},
      {"nul", "a word that JSON does not have (byte 0)"},
      {"1 1", "something follows the value (byte 2)"},
      {"\"\xff\"", "a byte that is not UTF-8 (byte 1)"},
      {"\"\xc0\x80\"", "a byte that is not UTF-8 (byte 1)"},
      {"\"\xed\xa0\x80\"", "a byte that is not UTF-8 (byte 1)"},
      {"\"\xf4\x90\x80\x80\"", "a byte that is not UTF-8 (byte 1)"},
      {"\"\xe2\x82", "a byte that is not UTF-8 (byte 1)"},
  };
  for (const auto& [text, expected] : rows) BOOST_TEST(problem(text) == expected, text << ": " << problem(text));
  BOOST_TEST(problem("[[1]]", 2) == "accepted");
  BOOST_TEST(problem("[[[1]]]", 2) == "too many arrays and objects in one another (byte 2)");
  BOOST_TEST(problem(std::string(100'000, '[')) == "too many arrays and objects in one another (byte 1000)");
}

BOOST_AUTO_TEST_CASE(names_are_what_they_say) {
  auto object = SpelledObject::of(R"({"\u0061":1,"b":{"}":"]"},"c":[{},"\""]})").value();
  BOOST_TEST(*object.find("a") == "1");
  BOOST_TEST(*object.find("b") == R"({"}":"]"})");
  BOOST_TEST(*object.find("c") == R"([{},"\""])");
  BOOST_TEST(object.find("d") == nullptr);
  object.set(R"("a")", "2");
  object.set_text("d", "\"");
  object.erase("b");
  BOOST_TEST(object.text() == R"({"\u0061":2,"c":[{},"\""],"d":"\""})");
  BOOST_TEST(*SpelledObject::of(R"({"a":1,"a":2})")->find("a") == "2");
  BOOST_TEST(!SpelledObject::of("[]").has_value());
}

BOOST_AUTO_TEST_CASE(strings_say_utf_8) {
  BOOST_TEST(text_in(R"("\u00e9\u20ac\ud83d\ude00\n\\")").value() == "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\n\\");
  BOOST_TEST(text_in(R"("\ud800x")").value() == "\xed\xa0\x80x");
  BOOST_TEST(text_in(R"("\ud800\u0041")").value() ==
             "\xed\xa0\x80"
             "A");
  BOOST_TEST(!text_in("1").has_value());
}

BOOST_AUTO_TEST_CASE(a_name_that_stands_twice_is_found_at_any_depth) {
  BOOST_TEST(repeated_name(R"({"a":1,"\u0061":2})").value() == "a");
  BOOST_TEST(repeated_name(R"([1,{"x":[{"b":1,"c":2,"b":3}]}])").value() == "b");
  BOOST_TEST(!repeated_name(R"({"a":{"a":1},"b":[{"a":1},{"a":1}]})").has_value());
}

BOOST_AUTO_TEST_CASE(arrays_have_elements) {
  BOOST_TEST(elements_of(R"([1,"a,]",[2],{}])").value() == (std::vector<std::string>{"1", R"("a,]")", "[2]", "{}"}),
             boost::test_tools::per_element());
  BOOST_TEST(elements_of("[]")->empty());
  BOOST_TEST(!elements_of("{}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
