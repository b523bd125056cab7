#include "programs.hpp"

#include <httplib.h>

#include <stdexcept>

namespace e2e {
namespace {

namespace json = boost::json;

Args with(Args first, const Args& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

/// The first http or https URL in a line, without a slash at its end.
std::string url_in(const std::string& line) {
  const auto start = line.find("http");
  if (start == std::string::npos) throw std::runtime_error("no URL in: " + line);
  std::string url = line.substr(start, line.find(' ', start) - start);
  if (url.back() == '/') url.pop_back();
  return url;
}

json::value answer(const httplib::Result& result, const std::string& what) {
  if (!result) throw std::runtime_error(what + ": " + httplib::to_string(result.error()));
  if (result->status / 100 != 2)
    throw std::runtime_error(what + ": " + std::to_string(result->status) + " " + result->body);
  return result->body.empty() ? json::value() : json::parse(result->body);
}

}  // namespace

std::string program(const std::string& name) {
  return std::string(BIN_DIR) + "/" + name;
}

Consumer::Consumer(const test_support::TempFolder& folder, Args more, const std::string& port) {
  const Args args = {program("sample-consumer"),
                     "--listen",
                     "127.0.0.1:" + port,
                     "--self-signed",
                     folder.file("tls"),
                     "--inbox",
                     "sqlite:" + folder.file("inbox.db"),
                     "--admin",
                     "127.0.0.1:0"};
  process_ = std::make_unique<test_support::ChildProcess>(with(args, more), folder.file("consumer.log"));
  url_ = url_in(process_->read_line());
  admin_ = url_in(process_->read_line());
}

std::string Consumer::port() const {
  const auto colon = url_.rfind(':');
  return url_.substr(colon + 1, url_.find('/', colon) - colon - 1);
}

std::string Consumer::admin_port() const {
  return admin_.substr(admin_.rfind(':') + 1);
}

std::pair<int, std::string> Consumer::admin_page(const std::string& path) const {
  const auto result = httplib::Client(admin_).Get(path);
  if (!result) throw std::runtime_error("GET " + path + ": " + httplib::to_string(result.error()));
  return {result->status, result->body};
}

json::value Consumer::admin(const std::string& path) const {
  return answer(httplib::Client(admin_).Get(path), "GET " + path);
}

BadConsumer::BadConsumer(const test_support::TempFolder& folder, Args flags) {
  const Args args = {program("bad-consumer"), "--cert", folder.file("tls/cert.pem"), "--key",
                     folder.file("tls/key.pem")};
  process_ = std::make_unique<test_support::ChildProcess>(with(args, flags), folder.file("bad-consumer.log"));
  url_ = url_in(process_->read_line());
}

Mock::Mock(const test_support::TempFolder& folder, Args more) {
  const Args args = {program("mock-prospero"),  "serve",        "--listen", "127.0.0.1:0", "--store", "memory:", "--ca",
                     folder.file("tls/ca.pem"), "--allow-local"};
  process_ = std::make_unique<test_support::ChildProcess>(with(args, more), folder.file("mock.log"));
  api_ = url_in(process_->read_line());
}

json::value Mock::get(const std::string& path) const {
  return answer(httplib::Client(api_).Get(path), "GET " + path);
}

json::value Mock::post(const std::string& path, const json::value& body) const {
  httplib::Client client(api_);
  client.set_read_timeout(60);
  return answer(client.Post(path, json::serialize(body), "application/json"), "POST " + path);
}

std::string Mock::organization() const {
  return std::string(post("/v1/organizations", {{"name", "Opera"}}).at("id").as_string());
}

std::string Mock::webhook(const std::string& org, const std::string& url, const std::string& event) const {
  const json::value body = {{"orgId", org}, {"url", url}, {"events", json::array{json::value(event)}}};
  return std::string(post("/v1/webhooks", body).at("id").as_string());
}

void Mock::trigger(const std::string& org, const std::string& event) const {
  post("/v1/organizations/" + org + "/trigger",
       {{"event", event}, {"data", {{"id", "5d1c2f80-c93e-11f0-8de9-0242ac120002"}}}});
}

json::array Mock::deliveries(const std::string& webhook) const {
  return get("/v1/deliveries?webhook=" + webhook).at("items").as_array();
}

json::object Mock::ended_delivery(const std::string& webhook) const {
  json::object found;
  eventually("the end of a delivery", [&] {
    found = deliveries(webhook).at(0).as_object();
    return found.at("state") != "pending";
  });
  return found;
}

test_support::Finished push(const test_support::TempFolder& folder, const std::string& url, Args more) {
  const Args args = {program("mock-prospero"), "push", url, "--ca", folder.file("tls/ca.pem"), "--allow-local"};
  return test_support::run(with(args, more));
}

test_support::Finished conform(const test_support::TempFolder& folder, const std::string& url, Args more) {
  const Args args = {program("mock-prospero"), "conform", url, "--ca", folder.file("tls/ca.pem"), "--allow-local"};
  return test_support::run(with(args, more), std::chrono::seconds(110));
}

}  // namespace e2e
