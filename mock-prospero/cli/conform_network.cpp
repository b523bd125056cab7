#include "cli/conform_network.hpp"

#include <stdexcept>
#include <utility>

#include "conformance/path_entropy.hpp"
#include "transport/url.hpp"

namespace mock::cli {
namespace {

transport::WebhookUrl accepted_url(const std::string& text, const transport::UrlPolicy& policy) {
  auto url = transport::WebhookUrl::parse(text, policy);
  if (!url) throw std::invalid_argument(url.error().reason);
  return *std::move(url);
}

bool is_loopback(const transport::WebhookUrl& url) {
  const auto& literal = url.literal();
  return literal ? literal->is_loopback() : transport::is_localhost_name(url.host());
}

}  // namespace

void set_target(conformance::Plan& plan, const std::string& text, const ConformFlags& flags) {
  const auto url = accepted_url(text, url_policy(flags.network));
  plan.target.url = text;
  plan.target.shown = url.redacted();
  plan.target.over_tls = url.https();
  plan.target.by_name = !url.literal();
  plan.target.as_prospero_wants = !flags.network.lifts_policy();
  plan.target.path_bits = conformance::path_bits(url.target());
  plan.disruptive = flags.disruptive || is_loopback(url);
}

ConformNetwork::ConformNetwork(const std::string& url, const NetworkFlags& flags,
                               conformance::AsioLoop::Interrupted interrupted)
    : transport_(io_, flags),
      loop_(io_, std::move(interrupted)),
      wire_(url, transport_.lookup(), loop_, {url_policy(flags), flags.ca_files}) {}

}  // namespace mock::cli
