#include "identity.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace prospero::webhooks {

namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

// Looking an algorithm up takes OpenSSL longer than digesting a push with it.
const EVP_MD* sha256() {
  static const std::unique_ptr<EVP_MD, FreeDigest> found{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  return found.get();
}

}  // namespace

Identity identity_of(std::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigest> context{EVP_MD_CTX_new()};
  Identity identity{};
  unsigned size = 0;
  if (!context || EVP_DigestInit_ex2(context.get(), sha256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), identity.bytes.data(), &size) != 1 || size != identity.bytes.size())
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return identity;
}

std::string_view raw(const Identity& identity) noexcept {
  return {reinterpret_cast<const char*>(identity.bytes.data()), identity.bytes.size()};
}

bool equal_in_constant_time(const Identity& a, const Identity& b) noexcept {
  return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

}  // namespace prospero::webhooks
