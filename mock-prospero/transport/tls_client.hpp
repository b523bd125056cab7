// The sender's side of TLS: whom it trusts (D7), what it offers, and what to tell people when it fails.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/verify_context.hpp>

#include "transport/address_policy.hpp"
#include "transport/url.hpp"

namespace mock::transport {

/// TLS 1.2 and 1.3, certificates checked against `ca_files` (PEM) or, if there are none, the system's roots; ALPN
/// offers http/1.1. Refuses a file that cannot be read or holds no certificate.
Result<std::shared_ptr<boost::asio::ssl::context>> make_client_context(const std::vector<std::string>& ca_files);

/// Sets the name (no SNI for an IP literal) and the name check of one connection. False if OpenSSL refuses the name.
bool set_server_name(SSL* ssl, const WebhookUrl& url);

/// Notes the first reason against a certificate of the chain, as text for people: what is wrong, and the date or the
/// names that show it.
class CertificateProblem {
 public:
  explicit CertificateProblem(std::string host) : host_(std::move(host)) {}
  /// For ssl::stream::set_verify_callback: leaves OpenSSL's verdict as it is.
  bool note(bool accepted, boost::asio::ssl::verify_context& context);
  const std::string& text() const { return text_; }

 private:
  std::string host_, text_;
};

}  // namespace mock::transport
