#include "api/guard.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "stage.hpp"

using namespace api_test;
using mock::api::Guard;
using mock::api::PublicUrl;

BOOST_AUTO_TEST_SUITE(public_url)

BOOST_AUTO_TEST_CASE(is_read_into_what_a_browser_sends) {
  const struct {
    const char *text, *origin, *authority, *prefix;
  } rows[] = {
      {"https://Mock.Example", "https://mock.example", "mock.example", ""},
      {"https://mock.example/", "https://mock.example", "mock.example", ""},
      {"https://mock.example:443/a/b/", "https://mock.example", "mock.example", "/a/b"},
      {"https://mock.example:8443/a", "https://mock.example:8443", "mock.example:8443", "/a"},
      {"HTTP://[::1]:80", "http://[::1]", "[::1]", ""},
      {"http://mock.example:443", "http://mock.example:443", "mock.example:443", ""},
  };
  for (const auto& row : rows) {
    const auto url = PublicUrl::parse(row.text);
    BOOST_TEST(url.origin == row.origin);
    BOOST_TEST(url.authority == row.authority);
    BOOST_TEST(url.prefix == row.prefix);
  }
  for (const char* bad : {"", "mock.example", "ftp://mock.example", "https://", "https://:443", "https://a@b",
                          "https://a?b", "https://a#b", "https://a b", "https://a/%2e"}) {
    BOOST_CHECK_THROW(PublicUrl::parse(bad), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(adds_its_host_origin_and_prefix_and_nothing_else) {
  StageOptions options;
  options.public_url = PublicUrl::parse("https://mock.example/prospero");
  Stage stage{options};
  const Headers outside{{"Host", "mock.example"}, {"Origin", "https://mock.example"}};
  BOOST_TEST(stage.call("GET", "/prospero/v1/clock", "", outside).status == 200);
  BOOST_TEST(stage.call("GET", "/v1/clock", "", outside).status == 200);  // of a proxy that takes the prefix off
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Host", "mock.example:443"}}).status == 200);  // the same origin
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Host", "mock.example:80"}}).status == 403);
  BOOST_TEST(stage.get("/v1/clock").status == 200);
  BOOST_TEST(stage.call("GET", "/prosperous/v1/clock", "", outside).status == 404);
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Host", "mock.example:444"}}).status == 403);
  BOOST_TEST(stage.call("GET", "/v1/clock", "", {{"Host", "mock.example"}, {"Origin", "http://mock.example"}}).status ==
             403);
}

BOOST_AUTO_TEST_CASE(prefix_without_its_last_slash_is_redirected_to_it) {
  const Guard guard{{"127.0.0.1", 8080, "", PublicUrl::parse("https://mock.example/prospero/")}};
  BOOST_TEST(guard.redirection("/prospero").value_or("") == "/prospero/");
  for (const auto* path : {"/prospero/", "/", "", "/prosper", "/prospero/v1/clock"})
    BOOST_TEST(!guard.redirection(path).has_value(), path);
  const Guard bare{{"127.0.0.1", 8080, "", PublicUrl::parse("https://mock.example")}};
  BOOST_TEST(!bare.redirection("").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
