#include "entity_api.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <prospero/webhooks/payload/limits.hpp>
#include <thread>

#include "config.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;

constexpr time_t silence_max_s = 10;  // in one step: connecting, the next bytes of an answer
constexpr std::size_t body_bytes_max = 16u << 20;

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
  json::parse_options as_deep_as_a_push;
  as_deep_as_a_push.max_depth = pw::ParseLimits{}.depth_max;
  const json::value entity = json::parse(body, error, {}, as_deep_as_a_push);
  if (error || !entity.is_object()) throw std::runtime_error("the API's answer is no JSON object");
  const auto* changed = entity.get_object().if_contains("lastUpdatedAt");
  if (changed == nullptr || !changed->is_string()) return std::nullopt;
  return pw::Timestamp::from_rfc3339(changed->get_string());
}

/// Breaks off what the client does when the time is over or a stop is asked for. The library's own limits begin anew
/// with every byte that comes.
class Watch {
 public:
  Watch(httplib::Client& client, std::chrono::milliseconds time_max, const std::stop_token& stop)
      : on_stop_(stop, Wake{*this}), thread_([this, &client, time_max, stop](const std::stop_token& done) {
          std::unique_lock hold(mutex_);
          changed_.wait_for(hold, done, time_max, [&] { return stop.stop_requested(); });
          if (!done.stop_requested()) why_ = stop.stop_requested() ? "the consumer asks to stop" : "it takes too long";
          while (!done.stop_requested()) {
            hold.unlock();  // the next waits for a connection that is being made
            client.stop();
            hold.lock();
            changed_.wait_for(hold, done, std::chrono::milliseconds(100), [] { return false; });
          }
        }) {}

  /// Why it broke off; nothing when it did not.
  std::optional<std::string> why() const {
    const std::lock_guard hold(mutex_);
    return why_;
  }

 private:
  struct Wake {
    Watch& watch;
    void operator()() const {
      const std::lock_guard hold(watch.mutex_);
      watch.changed_.notify_all();
    }
  };

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<std::string> why_;
  std::stop_callback<Wake> on_stop_;
  std::jthread thread_;
};

struct Answer {
  int status = 0;
  std::string body;  ///< of a 200, if wanted
};

/// Throws std::runtime_error when there is no whole answer.
Answer get(httplib::Client& client, const Watch& watch, const std::string& path, bool wants_body) {
  Answer answer;
  bool too_large = false;
  const auto begins = [&](const httplib::Response& response) {
    answer.status = response.status;
    return wants_body && response.status == 200;
  };
  const auto goes_on = [&](const char* bytes, std::size_t count) {
    too_large = answer.body.size() + count > body_bytes_max;
    if (!too_large) answer.body.append(bytes, count);
    return !too_large;
  };
  const auto result = client.Get(path.c_str(), httplib::Headers{}, begins, goes_on);
  if (result) return answer;
  if (const auto why = watch.why()) throw std::runtime_error("the API's answer is not waited for: " + *why);
  if (too_large) throw std::runtime_error("the API's answer is over 16 MiB");
  if (answer.status == 0)
    throw std::runtime_error("the API cannot be reached (" + httplib::to_string(result.error()) +
                             "): see whether --api names it and it is up");
  if (wants_body && answer.status == 200) throw std::runtime_error("the API's answer broke off");
  return answer;
}

const char* wrong_in(std::string_view url) {
  const bool http = url.starts_with("http://"), https = url.starts_with("https://");
  if (!http && !https) return "it does not begin with https:// or http://";
  const auto visible = [](unsigned char c) { return c > ' ' && c < 0x7F; };
  if (!std::all_of(url.begin(), url.end(), visible)) return "it holds a blank or a byte that is no visible ASCII";
  if (url.find_first_of("?#") != std::string_view::npos) return "it holds a query or a fragment";
  url.remove_prefix(https ? 8 : 7);
  const std::string_view authority = url.substr(0, url.find('/'));
  if (authority.find('@') != std::string_view::npos) return "it holds a user: --api-token-file takes a token";
  const auto colon = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  const std::string_view host = authority.substr(0, colon);
  const auto in_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_'; };
  const bool literal = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (host.empty() || (!literal && !std::all_of(host.begin(), host.end(), in_name))) return "its host is no name";
  if (colon == std::string_view::npos) return nullptr;
  const std::string_view port = authority.substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool is_port = error == std::errc{} && end == port.data() + port.size() && number > 0;
  return is_port ? nullptr : "its port is no number from 1 to 65535";
}

}  // namespace

void EntityApi::check_base_url(std::string_view base_url) {
  const char* wrong = wrong_in(base_url);
  if (wrong == nullptr) return;
  throw ConfigError(
      fmt::format("--api: {}; give the base URL of Prospero's API, such as https://api.example.com", wrong));
}

EntityApi::EntityApi(std::string base_url, std::string token, std::chrono::milliseconds time_max)
    : token_(std::move(token)), time_max_(time_max) {
  check_base_url(base_url);
  while (base_url.ends_with('/')) base_url.pop_back();
  const auto path = base_url.find('/', base_url.find("://") + 3);
  origin_ = base_url.substr(0, path);
  if (path != std::string::npos) prefix_ = base_url.substr(path);
}

pw::Observation EntityApi::read(pw::Family family, const pw::Uuid& org, const pw::Uuid& id,
                                const std::stop_token& stop) const {
  httplib::Client client(origin_);
  client.set_connection_timeout(silence_max_s);
  client.set_read_timeout(silence_max_s);
  client.set_write_timeout(silence_max_s);
  if (!token_.empty()) client.set_bearer_token_auth(token_.c_str());
  const Watch watch(client, time_max_, stop);
  const std::string list = fmt::format("{}/v1/organizations/{}/{}", prefix_, to_text(org), collection(family));
  const Answer entity = get(client, watch, list + "/" + to_text(id), true);
  if (entity.status == 200) return {false, last_updated_at(entity.body)};
  if (entity.status != 404) throw std::runtime_error(fmt::format("the API answered {}", entity.status));
  const Answer siblings = get(client, watch, list, false);
  if (siblings.status == 200) return {true, std::nullopt};
  throw std::runtime_error(fmt::format(
      "the API answered 404 for the entity, but {} for the {} of its organization: see whether --api names the API",
      siblings.status, collection(family)));
}

}  // namespace consumer
