#include "catalogue.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <iterator>

namespace bad_consumers {
namespace {

using std::chrono::hours;

std::string text_member(const boost::json::object& object, const char* name) {
  const auto* const member = object.if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string();
}

}  // namespace

Push push_of(const Request& request) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(request.body, error);
  const auto* const object = error ? nullptr : parsed.if_object();
  if (object == nullptr) return {};
  Push push;
  push.event = text_member(*object, "event");
  const auto* const data = object->if_contains("data");
  if (data != nullptr && data->is_object()) {
    push.id = text_member(data->get_object(), "id");
    push.time = text_member(data->get_object(), "lastUpdatedAt");
  }
  return push;
}

ServerOptions right(const test_support::CertificateAuthority& authority) {
  ServerOptions options;
  test_support::LeafOptions leaf;
  leaf.valid_until = hours(24 * 60);
  options.certificate = authority.issue(leaf);
  options.answer = [](const Request&) { return Reply{}; };
  return with(options.answer)(authority);
}

std::function<ServerOptions(const test_support::CertificateAuthority&)> with(
    std::function<Reply(const Request&)> answer, const std::string& path) {
  return [answer, path](const test_support::CertificateAuthority& authority) {
    ServerOptions options;
    test_support::LeafOptions leaf;
    leaf.valid_until = hours(24 * 60);
    options.certificate = authority.issue(leaf);
    options.answer = [answer, path](const Request& request) {
      if (request.target != path) return Reply{.status = 404};
      return request.method == "POST" ? answer(request) : Reply{.status = 405};
    };
    return options;
  };
}

std::function<ServerOptions(const test_support::CertificateAuthority&)> with_state(
    std::function<std::function<Reply(const Request&)>()> make) {
  return [make](const test_support::CertificateAuthority& authority) { return with(make())(authority); };
}

std::function<ServerOptions(const test_support::CertificateAuthority&)> refusing(
    int status, std::function<bool(const Request&)> wrong) {
  return with([status, wrong](const Request& request) { return Reply{.status = wrong(request) ? status : 200}; });
}

std::vector<BadConsumer> catalogue() {
  std::vector<BadConsumer> all;
  for (auto* const list :
       {bad_at_answering, bad_at_http, bad_at_content, bad_at_order, bad_at_keeping, bad_at_crashes}) {
    std::ranges::move(list(), std::back_inserter(all));
  }
  return all;
}

}  // namespace bad_consumers
