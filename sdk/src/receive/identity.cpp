#include "identity.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <prospero/webhooks/receive/inbox.hpp>
#include <stdexcept>

namespace prospero::webhooks {

Identity identity_of(std::string_view bytes) {
  Identity identity{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), identity.bytes.data(), &size, EVP_sha256(), nullptr) != 1 ||
      size != identity.bytes.size())
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return identity;
}

std::string_view raw(const Identity& identity) noexcept {
  return {reinterpret_cast<const char*>(identity.bytes.data()), identity.bytes.size()};
}

Identity identity_from_raw(std::string_view bytes) {
  Identity identity{};
  if (bytes.size() != identity.bytes.size())
    throw InboxError("the inbox holds an identity of " + std::to_string(bytes.size()) + " bytes: its file is damaged");
  std::transform(bytes.begin(), bytes.end(), identity.bytes.begin(),
                 [](char c) { return static_cast<std::uint8_t>(c); });
  return identity;
}

bool equal_in_constant_time(const Identity& a, const Identity& b) noexcept {
  return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

}  // namespace prospero::webhooks
