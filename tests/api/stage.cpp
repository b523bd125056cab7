#include "stage.hpp"

#include <httplib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <utility>

#include "described.hpp"

namespace api_test {
namespace {

namespace asio = boost::asio;
using namespace mock;

class ScriptedTransport final : public delivery::Transport {
 public:
  ScriptedTransport(asio::io_context& io, Script& script) : io_(io), script_(script) {}

  void post(delivery::Push push, Done done) override {
    delivery::AttemptResult result;
    if (!script_.take(push, result)) return unanswered_.push_back(std::move(done));
    asio::post(io_, [done = std::move(done), result] { done(result); });
  }

 private:
  asio::io_context& io_;
  Script& script_;
  std::vector<Done> unanswered_;
};

// Knows two names: one in the private network, one that never answers.
class TableLookup final : public transport::NameLookup {
 public:
  explicit TableLookup(asio::io_context& io) : io_(io) {}

  std::unique_ptr<transport::PendingLookup> resolve(const std::string& host, Done done) override {
    transport::LookupResult result;
    if (host == "intranet.example") {
      result.addresses = {asio::ip::make_address("93.184.216.34"), asio::ip::make_address("10.0.0.1")};
    } else {
      result.error = "no such name";
    }
    if (host != "hanging.example") asio::post(io_, [done = std::move(done), result] { done(result); });
    return std::make_unique<transport::PendingLookup>();
  }

 private:
  asio::io_context& io_;
};

engine::EngineOptions engine_options(const StageOptions& options) {
  engine::EngineOptions result;
  result.virtual_clock = options.virtual_clock;
  result.virtual_start = noon;
  return result;
}

}  // namespace

json::value Reply::body() const {
  return json::parse(text);
}

std::string Reply::error() const {
  const auto object = body().as_object();
  BOOST_TEST(object.size() == 2U);
  BOOST_TEST(object.at("status").as_int64() == status);
  return std::string{object.at("error").as_string()};
}

void Script::answer(int status) {
  const std::lock_guard lock{mutex_};
  status_ = status;
}

void Script::never_answer() {
  const std::lock_guard lock{mutex_};
  status_.reset();
}

std::vector<delivery::Push> Script::pushes() const {
  const std::lock_guard lock{mutex_};
  return pushes_;
}

bool Script::take(const delivery::Push& push, delivery::AttemptResult& result) {
  const std::lock_guard lock{mutex_};
  pushes_.push_back(push);
  if (!status_) return false;
  result.status = *status_;
  result.outcome = *status_ == 200 ? delivery::Outcome::ok : delivery::Outcome::bad_status;
  result.detail = "scripted";
  if (*status_ != 200) result.answer = "HTTP/1.1 " + std::to_string(*status_) + "; Content-Type: text/html";
  result.took = std::chrono::milliseconds{12};
  result.phases.wait = std::chrono::microseconds{11600};
  return true;
}

Stage::Stage(StageOptions options) {
  engine_ = std::make_unique<engine::Engine>(
      engine_options(options),
      [&](asio::io_context& io) {
        lookup_ = std::make_unique<TableLookup>(io);
        return std::make_unique<ScriptedTransport>(io, script);
      },
      [&](const delivery::Clock& clock) -> delivery::Journal& { return desk_.emplace(clock, 5U, options.rules); });
  desk_->attach(engine_->sender());
  hosts_ = std::make_unique<api::HostCheck>(*engine_, *lookup_, options.policy);
  conformance_ = std::make_unique<api::ConformanceRuns>(suite, desk_->feed(), 6U);
  server_ = std::make_unique<api::Server>(api::ServerOptions{"127.0.0.1", 0, options.body_bytes_max});
  contract::Values values;
  values.archive_fires = options.rules.archive_fires;
  api_ = std::make_unique<api::Api>(api::Backend{*engine_, *desk_, *hosts_, *conformance_},
                                    api::GuardOptions{"127.0.0.1", server_->port(), options.token, options.public_url},
                                    values);
  server_->start([this](const api::Request& request) { return api_->answer(request); });
}

Stage::~Stage() {
  conformance_->close();
  engine_->stop();
  server_->stop();
}

Reply Stage::call(const std::string& method, const std::string& path, const std::string& body,
                  const Headers& headers) const {
  httplib::Client client{server_->url()};
  client.set_read_timeout(30);
  httplib::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  for (const auto& [name, value] : headers) request.set_header(name, value);
  if (!body.empty() && !request.has_header("Content-Type")) request.set_header("Content-Type", "application/json");
  const auto result = client.send(request);
  // Not a check of Boost.Test, which only one thread at a time may use: tests call from several.
  if (!result) throw std::runtime_error{method + ' ' + path + ": " + httplib::to_string(result.error())};
  // Whatever a test is about, its answers are those that /openapi.json promises.
  if (const auto problem = answer_problem(method, path, result->status, result->body); !problem.empty())
    throw std::runtime_error{method + ' ' + path.substr(0, 80) + ": the answer does not fit /openapi.json: " + problem};
  Reply reply{result->status, result->body, {}};
  for (const auto& [name, value] : result->headers) reply.headers.emplace(name, value);
  return reply;
}

Reply Stage::post(const std::string& path, const json::value& body) const {
  return call("POST", path, json::serialize(body));
}

json::value Stage::made(const std::string& path, const json::value& body) const {
  const auto reply = post(path, body);
  BOOST_REQUIRE_MESSAGE(reply.status == 201, path << ": " << reply.text);
  return reply.body();
}

json::value Stage::got(const std::string& path) const {
  const auto reply = get(path);
  BOOST_REQUIRE_MESSAGE(reply.status == 200, path << ": " << reply.text);
  return reply.body();
}

std::string Stage::organization(const std::string& name) const {
  return api_test::text(made("/v1/organizations", {{"name", name}}), "id");
}

std::string Stage::webhook(const std::string& org, const std::string& url, const std::string& event) const {
  const auto events = json::array{json::value(event)};
  return api_test::text(made("/v1/webhooks", {{"orgId", org}, {"url", url}, {"events", events}}), "id");
}

std::string Stage::trigger(const std::string& org, const std::string& event) const {
  const auto fired = made("/v1/organizations/" + org + "/trigger", {{"event", event}, {"data", {{"id", "e1"}}}});
  const auto& deliveries = fired.at("deliveries").as_array();
  return deliveries.empty() ? "" : std::string{deliveries.at(0).as_string()};
}

void Stage::advance(std::int64_t seconds) const {
  const auto reply = post("/v1/clock/advance", {{"seconds", seconds}});
  BOOST_REQUIRE_MESSAGE(reply.status == 200, reply.text);
}

std::string text(const json::value& object, const std::string& member) {
  return std::string{object.at(member).as_string()};
}

}  // namespace api_test
