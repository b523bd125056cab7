#include "support/certificates.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

namespace test_support {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

template <class T>
T must(T result, const char* what) {
  if (result) return result;
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  throw std::runtime_error(std::string(what) + ": " + text);
}

template <class Write>
std::string to_pem(Write write) {
  const Bio memory(must(BIO_new(BIO_s_mem()), "BIO_new"));
  must(write(memory.get()), "writing PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string to_pem(EVP_PKEY* key) {
  return to_pem([&](BIO* out) { return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

Key new_key() {
  return Key(must(EVP_EC_gen("P-256"), "EVP_EC_gen"));
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(must(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), value.c_str()));
  must(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

X509Ptr new_certificate(EVP_PKEY* key, const std::string& common_name, std::chrono::seconds from,
                        std::chrono::seconds until) {
  X509Ptr certificate(must(X509_new(), "X509_new"));
  must(X509_set_version(certificate.get(), X509_VERSION_3), "X509_set_version");
  std::uint64_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "RAND_bytes");
  must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial), "serial number");
  must(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from.count()), "notBefore");
  must(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until.count()), "notAfter");
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0),
       "subject");
  must(X509_set_pubkey(certificate.get(), key), "X509_set_pubkey");
  return certificate;
}

std::string alternative_names(const LeafOptions& options) {
  std::string names;
  for (const auto& name : options.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : options.ip_addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  return names;
}

/// A leaf for `options`, signed by `issuer_key`; without an issuer by its own key.
Certificate leaf(const LeafOptions& options, X509* issuer, EVP_PKEY* issuer_key) {
  const Key key = new_key();
  const X509Ptr certificate = new_certificate(key.get(), "throw-away leaf", options.valid_from, options.valid_until);
  X509* const signer = issuer ? issuer : certificate.get();
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)), "issuer");
  add_extension(certificate.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), signer, NID_ext_key_usage, "serverAuth");
  const std::string names = alternative_names(options);
  if (!names.empty()) add_extension(certificate.get(), signer, NID_subject_alt_name, names);
  must(X509_sign(certificate.get(), issuer_key ? issuer_key : key.get(), EVP_sha256()), "X509_sign");
  return {to_pem(certificate.get()), to_pem(key.get())};
}

}  // namespace

struct CertificateAuthority::Impl {
  explicit Impl(const char* name) : common_name(name) {}
  const char* common_name;
  Key key = new_key();
  X509Ptr certificate =
      new_certificate(key.get(), common_name, -std::chrono::hours(24 * 30), std::chrono::hours(24 * 30));
  std::string pem;
};

CertificateAuthority::CertificateAuthority() : CertificateAuthority(nullptr) {}

CertificateAuthority::CertificateAuthority(const Impl* issuer)
    : impl_(std::make_unique<Impl>(issuer == nullptr ? "throw-away CA" : "throw-away intermediate")) {
  X509* const self = impl_->certificate.get();
  const auto& signer = issuer != nullptr ? *issuer : *impl_;
  must(X509_set_issuer_name(self, X509_get_subject_name(signer.certificate.get())), "issuer");
  add_extension(self, signer.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(self, signer.certificate.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(self, signer.certificate.get(), NID_subject_key_identifier, "hash");
  must(X509_sign(self, signer.key.get(), EVP_sha256()), "X509_sign");
  impl_->pem = to_pem(self);
}

CertificateAuthority::~CertificateAuthority() = default;

std::unique_ptr<CertificateAuthority> CertificateAuthority::intermediate() const {
  return std::unique_ptr<CertificateAuthority>(new CertificateAuthority(impl_.get()));
}

const std::string& CertificateAuthority::pem() const noexcept {
  return impl_->pem;
}

Certificate CertificateAuthority::issue(const LeafOptions& options) const {
  return leaf(options, impl_->certificate.get(), impl_->key.get());
}

Certificate self_signed_certificate(const LeafOptions& options) {
  return leaf(options, nullptr, nullptr);
}

std::string write_pem(const std::string& path, const std::string& pem) {
  std::ofstream out(path, std::ios::binary);
  if (!(out << pem).flush()) throw std::runtime_error("cannot write " + path);
  return path;
}

}  // namespace test_support
