// Wrong statuses, late and broken answers, bad TLS.
#include <openssl/ssl.h>

#include <memory>

#include "catalogue.hpp"

namespace bad_consumers {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using test_support::CertificateAuthority;
using test_support::LeafOptions;

auto always(Reply reply) {
  return with([reply](const Request&) { return reply; });
}

auto certified(LeafOptions leaf) {
  return [leaf](const CertificateAuthority& authority) {
    auto options = right(authority);
    options.certificate = authority.issue(leaf);
    return options;
  };
}

auto speaking(int lowest, int highest) {
  return [lowest, highest](const CertificateAuthority& authority) {
    auto options = right(authority);
    options.lowest_tls = lowest;
    options.highest_tls = highest;
    return options;
  };
}

ServerOptions self_signed(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.certificate = test_support::self_signed_certificate();
  return options;
}

ServerOptions of_another_authority(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.certificate = CertificateAuthority().issue();
  return options;
}

// The leaf alone: who has never met the intermediate cannot reach the root.
ServerOptions with_an_incomplete_chain(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.certificate = authority.intermediate()->issue();
  return options;
}

ServerOptions particular_about_its_name(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.only_name = "localhost";
  return options;
}

ServerOptions without_resumption(const CertificateAuthority& authority) {
  auto options = right(authority);
  options.refuses_resumed = true;
  return options;
}

}  // namespace

std::vector<BadConsumer> bad_at_answering() {
  using Manner = Reply::Manner;
  std::vector<BadConsumer> list;
  for (const int status : {201, 202, 204, 302, 500, 503}) {
    list.push_back({"answers " + std::to_string(status), "D3-exactly-200", always({.status = status})});
  }
  for (const int status : {400, 401, 404}) {
    list.push_back({"answers " + std::to_string(status), "D1-post-taken", always({.status = status})});
  }
  LeafOptions expired, other_host, ends_soon;
  expired.valid_until = -hours(1);
  expired.valid_from = -hours(48);
  other_host.dns_names = {"elsewhere.example"};
  other_host.ip_addresses = {};
  ends_soon.valid_until = hours(24 * 5);
  const std::vector<BadConsumer> more{
      {"answers after 5.2 s", "D4-in-time", always({.delay = milliseconds(5200)})},
      {"answers with a trickle past 5 s", "D4-in-time", always({.body = "0123456789", .manner = Manner::trickled})},
      {"truncates the body of its answer", "D1-post-taken", always({.body = "ok", .manner = Manner::truncated})},
      {"closes without an answer", "D1-post-taken", always({.manner = Manner::dropped})},
      {"does not speak HTTP", "D1-post-taken", always({.manner = Manner::not_http})},
      {"has a self-signed certificate", "D1-post-taken", self_signed},
      {"has an expired certificate", "D1-post-taken", certified(expired)},
      {"has a certificate for another host", "D1-post-taken", certified(other_host)},
      {"serves an incomplete chain", "D1-post-taken", with_an_incomplete_chain},
      {"has a certificate of an authority that nobody knows", "D1-post-taken", of_another_authority},
      {"speaks TLS 1.0 only", "D1-post-taken", speaking(TLS1_VERSION, TLS1_VERSION)},
      {"has a certificate that ends in 5 days", "D7-expiry", certified(ends_soon)},
      {"speaks TLS 1.3 only", "D7-tls12", speaking(TLS1_3_VERSION, TLS1_3_VERSION)},
      {"speaks TLS 1.2 only", "D7-tls13", speaking(TLS1_2_VERSION, TLS1_2_VERSION)},
      {"still speaks TLS 1.0", "D7-old-tls", speaking(TLS1_VERSION, TLS1_3_VERSION)},
      {"breaks off resumed TLS sessions", "D7-resumption", without_resumption},
      {.name = "knows its server name in small letters only",
       .fails = "D7-sni",
       .make = particular_about_its_name,
       .host = "localhost"},
      {.name = "its name leads to a private address now and then",
       .fails = "D6-public-url",
       .make = right,
       .host = "localhost",
       .wanders_at = 8},  // the second of the three of this case; earlier or later another one would meet it
  };
  list.insert(list.end(), more.begin(), more.end());
  return list;
}

}  // namespace bad_consumers
