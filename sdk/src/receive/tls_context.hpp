// A certificate and its key, checked, as a TLS server context.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>

namespace prospero::webhooks::detail {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

/// TLS 1.2 with ECDHE and AEAD ciphers, TLS 1.3, ALPN http/1.1. Throws ListenError, in one line: a file that cannot be
/// read, holds no PEM certificate or key, an encrypted key, a key of another certificate, a certificate that has
/// expired or is not yet valid.
TlsContext make_tls_context(const std::string& certificate_file, const std::string& key_file);

/// When the certificate of such a context expires.
std::chrono::sys_seconds expiry_of(const SSL_CTX* context);

}  // namespace prospero::webhooks::detail
