#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>

#include <prospero/webhooks/receive/listener.hpp>

namespace prospero::webhooks::detail {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

/// OpenSSL's reason for the last failure; clears its error queue.
std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(code);
  return reason ? reason : "no reason given";
}

void check(bool done, const std::string& what) {
  if (!done) throw ListenError(what + ": " + openssl_reason());
}

std::string read_file(const std::string& file, const char* what) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const std::string text = bytes.str();
  if (!in || text.empty()) {
    const std::string why = errno != 0 ? std::strerror(errno) : "it is empty";
    throw ListenError(std::string("cannot read the ") + what + " file " + file + " (" + why +
                      "): check the path and its permissions");
  }
  return text;
}

Bio over(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string day_of(const ASN1_TIME* time) {
  std::tm utc{};
  char text[32] = "an unreadable date";
  if (ASN1_TIME_to_tm(time, &utc) == 1) std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

void check_validity(X509* certificate, const std::string& file) {
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
    throw ListenError("the certificate in " + file + " expired on " + day_of(X509_get0_notAfter(certificate)) +
                      ": renew it");
  if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
    throw ListenError("the certificate in " + file + " is not valid before " +
                      day_of(X509_get0_notBefore(certificate)) + ": check the clock of this machine, or renew it");
}

/// Installs the leaf and the chain after it.
void use_certificates(SSL_CTX* context, const std::string& file) {
  const std::string text = read_file(file, "certificate");
  const Bio in = over(text);
  const Certificate leaf(PEM_read_bio_X509_AUX(in.get(), nullptr, nullptr, nullptr));
  check(leaf != nullptr, file + " holds no readable PEM certificate, give the file with BEGIN CERTIFICATE");
  check_validity(leaf.get(), file);
  check(SSL_CTX_use_certificate(context, leaf.get()) == 1, "the certificate in " + file + " cannot be used");
  while (const Certificate link{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)})
    check(SSL_CTX_add1_chain_cert(context, link.get()) == 1, "the chain in " + file + " cannot be used");
  const unsigned long end = ERR_peek_last_error();
  check(ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE,
        "the certificate chain in " + file + " is broken");
  ERR_clear_error();
}

int refuse_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

void use_key(SSL_CTX* context, const std::string& file, const std::string& certificate_file) {
  const std::string text = read_file(file, "key");
  bool encrypted = false;
  const Key key(PEM_read_bio_PrivateKey(over(text).get(), nullptr, refuse_passphrase, &encrypted));
  if (encrypted) {
    ERR_clear_error();
    throw ListenError("the key in " + file + " is encrypted: give one without a passphrase");
  }
  check(key != nullptr, file + " holds no readable PEM private key, give the file with BEGIN PRIVATE KEY");
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1) {
    ERR_clear_error();
    throw ListenError("the key in " + file + " does not belong to the certificate in " + certificate_file +
                      ": give the two that were made together");
  }
  check(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "the key in " + file + " cannot be used");
}

/// A client that offers protocols, but not http/1.1, is refused (RFC 7301, 3.2).
int select_http_1_1(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  const int result =
      SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, ours, sizeof ours - 1, offered, offered_size);
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

TlsContext make_tls_context(const std::string& certificate_file, const std::string& key_file) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  check(context != nullptr, "OpenSSL cannot start");
  check(SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1, "TLS 1.2 cannot be set as the least");
  check(SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!PSK") == 1,
        "OpenSSL has none of the TLS 1.2 ciphers");
  // Finite-field groups, which TLS 1.3 would take too, cost the server up to a thousand times as much a handshake.
  check(SSL_CTX_set1_groups_list(context.get(), "X25519:P-256:P-384") == 1, "OpenSSL has none of the curves");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_NO_TICKET);
  // No resumption: one sender keeps its connection anyway, every new one should see the certificate in use, and two
  // tickets a handshake are not free.
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), select_http_1_1, nullptr);
  use_certificates(context.get(), certificate_file);
  use_key(context.get(), key_file, certificate_file);
  return context;
}

std::chrono::sys_seconds expiry_of(const SSL_CTX* context) {
  std::tm utc{};
  check(ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context)), &utc) == 1,
        "the certificate has no readable end");
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&utc)));
}

}  // namespace prospero::webhooks::detail
