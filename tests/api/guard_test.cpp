#include "api/guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace mock::api;

namespace {

Request from(std::vector<std::string> hosts, std::vector<std::string> origins = {}, std::string authorization = {}) {
  Request request;
  request.hosts = std::move(hosts);
  request.origins = std::move(origins);
  request.authorization = std::move(authorization);
  return request;
}

int status(const Guard& guard, const Request& request) {
  try {
    guard.require_own(request);
    guard.require_token(request);
    return 200;
  } catch (const Error& error) {
    return error.status();
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guard_of_the_api)

BOOST_AUTO_TEST_CASE(only_its_own_host_is_answered) {
  const Guard local{{"127.0.0.1", 8080, ""}};
  const Guard six{{"::1", 8080, ""}};
  const Guard everywhere{{"0.0.0.0", 8080, "t"}};
  const Guard named{{"Mock.example", 80, "t"}};
  const struct {
    const Guard& guard;
    std::string host;
    int expected;
  } rows[] = {
      {local, "127.0.0.1:8080", 200},
      {local, "localhost:8080", 200},
      {local, "LocalHost:8080", 200},
      {local, "127.0.0.1:8081", 403},
      {local, "127.0.0.1", 403},
      {local, "127.0.0.1:8080x", 403},
      {local, "evil.example:8080", 403},
      {local, "127.0.0.1.evil.example:8080", 403},
      {local, "10.0.0.1:8080", 403},
      {local, "", 403},
      {local, "[::1", 403},
      {six, "[::1]:8080", 200},
      {six, "::1:8080", 403},
      {six, "[::1]x:8080", 403},
      {everywhere, "192.168.1.7:8080", 401},
      {everywhere, "[fd00::1]:8080", 401},
      {everywhere, "localhost:8080", 401},
      {everywhere, "evil.example:8080", 403},
      {named, "mock.example", 401},
      {named, "mock.example:80", 401},
      {named, "localhost", 403},
  };
  for (const auto& row : rows) BOOST_TEST(status(row.guard, from({row.host})) == row.expected, row.host);
  BOOST_TEST(status(local, from({})) == 403);
  BOOST_TEST(status(local, from({"127.0.0.1:8080", "127.0.0.1:8080"})) == 403);
}

BOOST_AUTO_TEST_CASE(pages_of_other_origins_are_refused) {
  const Guard guard{{"127.0.0.1", 8080, ""}};
  const auto with = [&](const std::string& origin) { return status(guard, from({"127.0.0.1:8080"}, {origin})); };
  BOOST_TEST(with("http://127.0.0.1:8080") == 200);
  BOOST_TEST(with("http://localhost:8080") == 200);
  for (const auto* origin :
       {"null", "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:3000", "http://127.0.0.1", ""}) {
    BOOST_TEST(with(origin) == 403, origin);
  }
  BOOST_TEST(status(guard, from({"127.0.0.1:8080"}, {"http://localhost:8080", "null"})) == 403);
}

BOOST_AUTO_TEST_CASE(token_is_asked_for_as_a_bearer) {
  const Guard guard{{"127.0.0.1", 8080, "s3cret"}};
  const auto with = [&](const std::string& field) { return status(guard, from({"127.0.0.1:8080"}, {}, field)); };
  BOOST_TEST(with("Bearer s3cret") == 200);
  BOOST_TEST(with("bearer s3cret") == 200);
  for (const auto* field : {"", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret ", "Bearer s3crets", "Basic s3cret",
                            "s3cret", "Bearer S3CRET"}) {
    BOOST_TEST(with(field) == 401, field);
  }
}

BOOST_AUTO_TEST_CASE(loopback_is_told_from_the_rest) {
  for (const auto* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST"}) {
    BOOST_TEST(is_loopback(host), host);
  }
  for (const auto* host : {"0.0.0.0", "::", "10.0.0.1", "example.org", "127.0.0.1.example.org", ""}) {
    BOOST_TEST(!is_loopback(host), host);
  }
}

BOOST_AUTO_TEST_SUITE_END()
