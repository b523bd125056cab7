#include "self_signed.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "config.hpp"
#include "secret_file.hpp"

namespace consumer {
namespace {

constexpr long hour_s = 3600;
constexpr long year_s = 365 * 24 * hour_s;
constexpr const char* leaf_names = "DNS:localhost,IP:127.0.0.1,IP:::1";
constexpr const char* permitted_names =
    "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,"
    "permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

template <class T>
T must(T result) {
  if (result) return result;
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  throw ConfigError(fmt::format("OpenSSL cannot make a certificate: {}", reason ? reason : "no reason given"));
}

Key new_key() {
  return Key(must(EVP_EC_gen("P-256")));
}

template <class Write>
std::string pem(Write write) {
  const Bio memory(must(BIO_new(BIO_s_mem())));
  must(write(memory.get()));
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(must(X509V3_EXT_conf_nid(nullptr, &context, nid, value)));
  must(X509_add_ext(certificate, extension.get(), -1));
}

/// Without extensions and signature; `issuer` null: its own.
Certificate new_certificate(EVP_PKEY* key, const char* name, X509* issuer) {
  Certificate certificate(must(X509_new()));
  must(X509_set_version(certificate.get(), X509_VERSION_3));
  std::uint64_t serial = 0;
  must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  must(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial));
  must(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour_s));
  must(X509_gmtime_adj(X509_getm_notAfter(certificate.get()), year_s));
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(name), -1, -1, 0));
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer ? issuer : certificate.get())));
  must(X509_set_pubkey(certificate.get(), key));
  return certificate;
}

Certificate new_authority(EVP_PKEY* key) {
  Certificate ca = new_certificate(key, "sample-consumer throw-away CA", nullptr);
  add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign");
  add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
  add_extension(ca.get(), ca.get(), NID_name_constraints, permitted_names);
  must(X509_sign(ca.get(), key, EVP_sha256()));
  return ca;
}

Certificate new_leaf(EVP_PKEY* key, X509* ca, EVP_PKEY* ca_key) {
  Certificate leaf = new_certificate(key, "sample-consumer", ca);
  add_extension(leaf.get(), ca, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(leaf.get(), ca, NID_key_usage, "critical,digitalSignature");
  add_extension(leaf.get(), ca, NID_ext_key_usage, "serverAuth");
  add_extension(leaf.get(), ca, NID_subject_alt_name, leaf_names);
  add_extension(leaf.get(), ca, NID_subject_key_identifier, "hash");
  add_extension(leaf.get(), ca, NID_authority_key_identifier, "keyid");
  must(X509_sign(leaf.get(), ca_key, EVP_sha256()));
  return leaf;
}

/// Files that are there together or not at all: written under other names, renamed when all are complete.
class NewFiles {
 public:
  NewFiles() = default;
  ~NewFiles() {
    std::error_code ignored;  // what cannot be removed has a name that nobody reads
    for (const auto& [file, fresh] : files_) std::filesystem::remove(fresh, ignored);
  }
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;

  void write(const std::string& file, const std::string& text) { files_.emplace_back(file, create_beside(file, text)); }

  void keep() {
    std::vector<std::string> kept;
    for (const auto& [file, fresh] : files_) {
      std::error_code error;
      std::filesystem::rename(fresh, file, error);
      if (!error) {
        kept.push_back(file);
        continue;
      }
      for (const auto& half : kept) std::filesystem::remove(half);
      throw ConfigError(fmt::format("--self-signed: cannot write {}: {}", file, error.message()));
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> files_;  // and where each is until then
};

void make_files(const SelfSigned& files) {
  const Key ca_key = new_key();  // dies here: nobody can sign with it again
  const Certificate ca = new_authority(ca_key.get());
  const Key key = new_key();
  const Certificate leaf = new_leaf(key.get(), ca.get(), ca_key.get());
  NewFiles made;
  made.write(files.key_file, pem([&](BIO* out) {
               return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
             }));
  made.write(files.certificate_file, pem_of(leaf.get()));
  made.write(files.ca_file, pem_of(ca.get()));
  made.keep();
}

void refuse_expired(const std::string& folder, const std::string& file) {
  const Bio in(must(BIO_new_file(file.c_str(), "r")));
  const Certificate found(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!found || X509_cmp_current_time(X509_get0_notAfter(found.get())) >= 0) return;  // the listener judges the rest
  throw ConfigError(fmt::format(
      "--self-signed: {} has expired: remove ca.pem, cert.pem and key.pem in {} to have new ones", file, folder));
}

}  // namespace

SelfSigned self_signed(const std::string& folder) {
  namespace fs = std::filesystem;
  const SelfSigned files{(fs::path(folder) / "ca.pem").string(), (fs::path(folder) / "cert.pem").string(),
                         (fs::path(folder) / "key.pem").string()};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw ConfigError(fmt::format("--self-signed: cannot make the folder {}: {}", folder, error.message()));
  int found = 0;
  for (const auto& file : {files.ca_file, files.certificate_file, files.key_file})
    found += fs::exists(file, error) ? 1 : 0;
  if (found != 0 && found != 3)
    throw ConfigError(
        fmt::format("--self-signed: {} holds only some of ca.pem, cert.pem and key.pem: remove them to have new ones, "
                    "or name your own with --cert and --key",
                    folder));
  if (found == 0) make_files(files);
  for (const auto& file : {files.certificate_file, files.ca_file}) refuse_expired(folder, file);
  return files;
}

}  // namespace consumer
