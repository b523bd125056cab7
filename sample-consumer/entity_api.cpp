#include "entity_api.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <boost/json.hpp>

#include "config.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

constexpr time_t wait_max_s = 10;

std::string_view collection(pw::Family family) {
  switch (family) {
    case pw::Family::calendar_event:
      return "events";
    case pw::Family::invoice:
      return "invoices";
    case pw::Family::offer:
      return "offers";
  }
  return "events";
}

std::optional<pw::Timestamp> last_updated_at(const std::string& body) {
  json::error_code error;
  const json::value entity = json::parse(body, error);
  if (error || !entity.is_object()) throw std::runtime_error("the API's answer is no JSON object");
  const auto* changed = entity.get_object().if_contains("lastUpdatedAt");
  if (changed == nullptr || !changed->is_string()) return std::nullopt;
  return pw::Timestamp::from_rfc3339(changed->get_string());
}

}  // namespace

EntityApi::EntityApi(std::string base_url, std::string token) : token_(std::move(token)) {
  const auto scheme_end = base_url.find("://");
  const bool http = base_url.starts_with("http://") || base_url.starts_with("https://");
  if (!http || scheme_end + 3 == base_url.size())
    throw ConfigError("--api: give the base URL of Prospero's API, such as https://api.example.com");
  while (base_url.ends_with('/')) base_url.pop_back();
  const auto path = base_url.find('/', scheme_end + 3);
  origin_ = base_url.substr(0, path);
  if (path != std::string::npos) prefix_ = base_url.substr(path);
}

pw::Observation EntityApi::read(pw::Family family, const pw::Uuid& org, const pw::Uuid& id) const {
  httplib::Client client(origin_);
  client.set_connection_timeout(wait_max_s);
  client.set_read_timeout(wait_max_s);
  if (!token_.empty()) client.set_bearer_token_auth(token_.c_str());
  const auto answer = client.Get(
      fmt::format("{}/v1/organizations/{}/{}/{}", prefix_, to_text(org), collection(family), to_text(id)).c_str());
  if (!answer) throw std::runtime_error("the API cannot be reached: " + httplib::to_string(answer.error()));
  if (answer->status == 404) return {true, std::nullopt};
  if (answer->status != 200) throw std::runtime_error(fmt::format("the API answered {}", answer->status));
  return {false, last_updated_at(answer->body)};
}

}  // namespace consumer
