// One call of the API as values, without any HTTP library.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mock::api {

struct Request {
  std::string method;                             ///< as sent, "POST"
  std::string path;                               ///< decoded, without the query
  std::multimap<std::string, std::string> query;  ///< decoded; the router refuses a repeated name
  std::vector<std::string> hosts;                 ///< every Host field
  std::vector<std::string> origins;               ///< every Origin field
  std::string authorization;                      ///< the first Authorization field; empty if absent
  std::string last_event_id;                      ///< the first Last-Event-ID field; empty if absent
  std::string content_type;                       ///< the first Content-Type field; empty if absent
  std::string body;
  bool body_too_large = false;  ///< then `body` is empty
};

/// What a response that never ends is made of.
class EventSource {
 public:
  virtual ~EventSource() = default;
  /// The next piece of it. Blocks for a moment at most; empty when nothing has come meanwhile. One caller at a time.
  virtual std::string next() = 0;
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<EventSource> stream = {};  ///< sent instead of `body`, until the caller leaves or the server stops
};

/// A call that cannot be answered as wished: its status and one line for people. Every layer of the API throws it, the
/// outermost turns it into the body `{"status": n, "error": text}` (T5). The text never holds a URL or a payload.
class Error : public std::runtime_error {
 public:
  Error(int status, const std::string& text) : std::runtime_error(text), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

Response json_response(int status, const boost::json::value& body);
Response json_text_response(int status, std::string body);  ///< `body` is JSON already
Response error_response(int status, const std::string& text);

}  // namespace mock::api
