#include "api/router.hpp"

#include <boost/test/unit_test.hpp>

using namespace mock::api;

namespace {

Router example() {
  Router router;
  const auto named = [](std::string name) {
    return [name](const Request&, const Captures& path) {
      Response response;
      response.body = name;
      for (const auto& part : path) response.body += ' ' + part;
      return response;
    };
  };
  router.add("GET", "/v1/things", named("list"));
  router.add("POST", "/v1/things", named("create"));
  router.add("POST", "/v1/things/delete", named("delete"));
  router.add("GET", "/v1/things/{id}", named("show"));
  router.add("POST", "/v1/things/{id}/parts/{part}", named("part"));
  return router;
}

Response ask(const std::string& method, const std::string& path) {
  Request request;
  request.method = method;
  request.path = path;
  return example().answer(request);
}

int status(const std::string& method, const std::string& path) {
  try {
    return ask(method, path).status;
  } catch (const Error& error) {
    return error.status();
  }
}

std::string allow(const std::string& method, const std::string& path) {
  for (const auto& [name, value] : ask(method, path).headers) {
    if (name == "Allow") return value;
  }
  return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(path_and_method_find_their_handler) {
  BOOST_TEST(ask("GET", "/v1/things").body == "list");
  BOOST_TEST(ask("POST", "/v1/things").body == "create");
  BOOST_TEST(ask("POST", "/v1/things/delete").body == "delete");
  BOOST_TEST(ask("GET", "/v1/things/7").body == "show 7");
  BOOST_TEST(ask("GET", "/v1/things/delete").body == "show delete");
  BOOST_TEST(ask("POST", "/v1/things/7/parts/a").body == "part 7 a");
  BOOST_TEST(ask("HEAD", "/v1/things").body == "list");
}

BOOST_AUTO_TEST_CASE(unknown_paths_are_404) {
  for (const auto* path : {"", "/", "/v1", "/v1/things/", "/v1/things//parts/a", "/v1/things/7/parts", "/V1/things",
                           "v1/things", "/v1/things/7/"}) {
    BOOST_TEST(status("GET", path) == 404, path);
  }
}

BOOST_AUTO_TEST_CASE(other_methods_are_405_with_those_allowed) {
  BOOST_TEST(status("PUT", "/v1/things") == 405);
  BOOST_TEST(allow("PUT", "/v1/things") == "GET, HEAD, POST");
  BOOST_TEST(allow("POST", "/v1/things/7") == "GET, HEAD");
  BOOST_TEST(allow("GET", "/v1/things/7/parts/a") == "POST");
  BOOST_TEST(allow("OPTIONS", "/v1/things") == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(body_of_another_type_is_415) {
  const struct {
    std::string type, body;
    int expected;
  } rows[] = {
      {"application/json", "{}", 200},
      {"Application/JSON ; charset=utf-8", "{}", 200},
      {"", "", 200},
      {"", "{}", 415},
      {"text/plain", "{}", 415},
      {"text/plain", "", 415},
      {"application/jsonp", "{}", 415},
      {"application/x-www-form-urlencoded", "a=b", 415},
  };
  for (const auto& row : rows) {
    Request request;
    request.method = "POST";
    request.path = "/v1/things";
    request.content_type = row.type;
    request.body = row.body;
    int got = 200;
    try {
      got = example().answer(request).status;
    } catch (const Error& error) {
      got = error.status();
    }
    BOOST_TEST(got == row.expected, row.type << '|' << row.body);
  }
}

BOOST_AUTO_TEST_SUITE_END()
