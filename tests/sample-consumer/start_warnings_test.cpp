#include "consumer/start_warnings.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

consumer::Config usual() {
  consumer::Config config;
  config.listen = {"127.0.0.1", 8443};
  config.hooks = {{"/hook/6f1c2a008d3e11ee", ""}};
  return config;
}

bool tells(const consumer::Config& config, const std::string& text) {
  const auto lines = consumer::start_warnings(config);
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(start_warnings)

BOOST_AUTO_TEST_CASE(usual_flags_get_none) {
  BOOST_TEST(consumer::start_warnings(usual()).empty());
  consumer::Config kept_path = usual();
  kept_path.hooks.clear();
  BOOST_TEST(consumer::start_warnings(kept_path).empty());
}

BOOST_AUTO_TEST_CASE(short_path_is_told_by_its_number) {
  consumer::Config config = usual();
  for (const char* path : {"/hook/6f1c2a008d3e11e", "/", "/6f1c2a008d3e11ee6f1c2a008d3e11ee/hook"}) {
    config.hooks.resize(1);
    config.hooks.push_back({path, ""});
    BOOST_TEST(tells(config, "path 2 ends in fewer than 16 characters"), path);
    BOOST_TEST(!tells(config, "path 1 "), path);
    BOOST_TEST(!tells(config, "6f1c"), path);
  }
}

BOOST_AUTO_TEST_CASE(token_for_an_api_without_tls_is_told_unless_it_is_on_this_machine) {
  consumer::Config config = usual();
  for (const char* url : {"http://api.example.com", "http://10.0.0.1:80/v", "http://localhost.example.com/"}) {
    config.api_url = url;
    config.api_token.clear();
    BOOST_TEST(!tells(config, "--api"), url);
    config.api_token = "t0ken";
    BOOST_TEST(tells(config, "--api http://"), url);
    BOOST_TEST(!tells(config, "t0ken"), url);
  }
  for (const char* url :
       {"https://api.example.com", "http://localhost:3000/p", "http://127.0.0.1", "http://[::1]:80"}) {
    config.api_url = url;
    BOOST_TEST(!tells(config, "--api"), url);
  }
}

BOOST_AUTO_TEST_CASE(plain_http_is_told_with_what_it_needs) {
  consumer::Config config = usual();
  config.plain_http = true;
  BOOST_TEST(tells(config, "a proxy that speaks TLS"));
  BOOST_TEST(!tells(config, "anyone may connect"));
  config.listen.address = "10.0.0.1";
  BOOST_TEST(tells(config, "anyone may connect"));
  config.trusted_proxies = {"10.0.0.2"};
  BOOST_TEST(!tells(config, "anyone may connect"));
  BOOST_TEST(tells(config, "can read the secret path"));
}

BOOST_AUTO_TEST_SUITE_END()
