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

// More than a report shows of an answer.
constexpr std::size_t answer_bytes_kept = 4096;

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

namespace {

// A consumer that --exec starts, or that a flag looks for on this machine, is on loopback.
bool expects_loopback(const ConformFlags& flags) {
  return !flags.exec.empty() || flags.network.allow_local;
}

}  // namespace

void assume_target(conformance::Plan& plan, const ConformFlags& flags) {
  plan.target.over_tls = !flags.network.allow_http;
  plan.target.as_prospero_wants = !flags.network.lifts_policy();
  plan.disruptive = flags.disruptive || expects_loopback(flags);
}

std::string assumed_target(const ConformFlags& flags) {
  return std::string(flags.network.allow_http ? "an http URL " : "an https URL ") +
         (expects_loopback(flags) ? "on loopback" : "with a host name, not on loopback");
}

ConformNetwork::ConformNetwork(const std::string& url, const NetworkFlags& flags,
                               conformance::AsioLoop::Interrupted interrupted)
    : transport_(io_, flags, answer_bytes_kept),
      loop_(io_, std::move(interrupted)),
      wire_(url, transport_.lookup(), loop_, {url_policy(flags), flags.ca_files}) {}

}  // namespace mock::cli
