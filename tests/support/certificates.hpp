// Throw-away certificates, made in memory: a certificate authority, leaves that it signs, leaves that nobody signed.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace test_support {

/// A certificate and its private key (ECDSA P-256), both PEM.
struct Certificate {
  std::string pem;
  std::string key_pem;
};

/// What a leaf says. An expired one has `valid_until` in the past, one for a wrong host other names.
struct LeafOptions {
  std::vector<std::string> dns_names = {"localhost"};
  std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};
  std::chrono::seconds valid_from = -std::chrono::hours(1);   ///< relative to now
  std::chrono::seconds valid_until = std::chrono::hours(24);  ///< relative to now
};

/// Every function throws std::runtime_error with OpenSSL's own text when OpenSSL refuses. Not thread-safe.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  const std::string& pem() const noexcept;  ///< what a client has to trust
  Certificate issue(const LeafOptions& options = {}) const;
  /// One whose certificate this one signs: a server must send that one too.
  std::unique_ptr<CertificateAuthority> intermediate() const;

 private:
  struct Impl;
  explicit CertificateAuthority(const Impl* issuer);
  std::unique_ptr<Impl> impl_;
};

/// A leaf that is its own issuer: no client that trusts authorities accepts it.
Certificate self_signed_certificate(const LeafOptions& options = {});

/// Writes PEM text to `path` and returns the path.
std::string write_pem(const std::string& path, const std::string& pem);

}  // namespace test_support
