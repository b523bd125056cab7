// The whole API in this process: a real HTTP server on a port of the system's choice, a transport that answers by
// script, a name look-up from a table, and a virtual clock unless a test wants the real one.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/api.hpp"
#include "api/conformance_runs.hpp"
#include "api/desk.hpp"
#include "api/host_check.hpp"
#include "api/server.hpp"
#include "delivery/ports.hpp"
#include "engine/engine.hpp"
#include "scripted_suite.hpp"

namespace api_test {

namespace json = boost::json;
using Headers = std::multimap<std::string, std::string>;

constexpr mock::delivery::Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} +
                                       std::chrono::hours{12}};

struct Reply {
  int status = 0;
  std::string text;
  std::multimap<std::string, std::string> headers;
  json::value body() const;   ///< the text as JSON
  std::string error() const;  ///< after checking that the body is {"status", "error"} and nothing else (T5)
};

/// What the consumers of a test answer. Thread-safe.
class Script {
 public:
  void answer(int status);  ///< from now on, every consumer
  void never_answer();      ///< until the engine stops
  std::vector<mock::delivery::Push> pushes() const;

  bool take(const mock::delivery::Push& push, mock::delivery::AttemptResult& result);

 private:
  mutable std::mutex mutex_;
  std::optional<int> status_ = 200;
  std::vector<mock::delivery::Push> pushes_;
};

struct StageOptions {
  bool virtual_clock = true;
  std::string token = {};
  std::optional<mock::api::PublicUrl> public_url = {};
  mock::transport::UrlPolicy policy = {};
  std::size_t body_bytes_max = 1U << 20;
  mock::world::WorldRules rules = {};
};

class Stage {
 public:
  explicit Stage(StageOptions options = {});
  ~Stage();

  Script script;
  ScriptedSuite suite;

  Reply call(const std::string& method, const std::string& path, const std::string& body = {},
             const Headers& headers = {}) const;
  Reply get(const std::string& path) const { return call("GET", path); }
  Reply post(const std::string& path, const json::value& body) const;
  Reply post(const std::string& path) const { return call("POST", path); }
  json::value made(const std::string& path, const json::value& body) const;  ///< expects 201
  json::value got(const std::string& path) const;                            ///< expects 200

  std::string organization(const std::string& name = "Opera") const;
  std::string webhook(const std::string& org, const std::string& url = "https://a.example/hook",
                      const std::string& event = "invoice.updated") const;
  /// Returns the id of the first delivery that it made, or "".
  std::string trigger(const std::string& org, const std::string& event = "invoice.updated") const;
  void advance(std::int64_t seconds) const;

  mock::engine::Engine& engine() noexcept { return *engine_; }
  mock::api::ConformanceRuns& conformance() noexcept { return *conformance_; }
  std::vector<std::pair<std::string, std::string>> routes() const { return api_->router().routes(); }
  std::uint16_t port() const noexcept { return server_->port(); }

 private:
  std::unique_ptr<mock::transport::NameLookup> lookup_;
  std::optional<mock::api::Desk> desk_;
  std::unique_ptr<mock::engine::Engine> engine_;
  std::unique_ptr<mock::api::HostCheck> hosts_;
  std::unique_ptr<mock::api::ConformanceRuns> conformance_;
  std::unique_ptr<mock::api::Server> server_;
  std::unique_ptr<mock::api::Api> api_;
};

std::string text(const json::value& object, const std::string& member);

}  // namespace api_test
