// Which handler answers which call.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/exchange.hpp"

namespace mock::api {

/// The parts of the path that stand at the `{...}` of the pattern, in order.
using Captures = std::vector<std::string>;
using Handler = std::function<Response(const Request&, const Captures&)>;

/// Thread-safe once every route is added.
class Router {
 public:
  /// `pattern` is a path such as "/v1/webhooks/{id}"; a `{...}` stands for one whole, non-empty segment. A pattern
  /// with words comes before one with captures that matches the same path.
  /// `query` are the parameters that it reads.
  void add(std::string method, std::string_view pattern, Handler handler, std::vector<std::string> query = {});

  /// Method and pattern of every route, in the order of add().
  std::vector<std::pair<std::string, std::string>> routes() const;

  /// Finds the handler and calls it; HEAD counts as GET. A path that no pattern matches is Error 404. A method that
  /// its patterns do not have is answered 405, with `Allow`. Other calls than GET are refused with Error 415 for a body
  /// that is not application/json. Under /v1 a query parameter that the route does not read, or that stands twice, is
  /// Error 422: a misspelled filter would show everything.
  Response answer(const Request& request) const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    Handler handler;
    std::vector<std::string> query;
  };
  std::vector<Route> routes_;
};

}  // namespace mock::api
