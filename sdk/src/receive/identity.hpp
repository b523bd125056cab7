// Identities to and from bytes, and the digest that makes them.
#pragma once

#include <prospero/webhooks/payload/delivery.hpp>
#include <string_view>

namespace prospero::webhooks {

/// SHA-256. Throws std::runtime_error when OpenSSL has no SHA-256 to offer.
Identity identity_of(std::string_view bytes);

/// The 32 bytes of an identity; the view lives as long as it.
std::string_view raw(const Identity& identity) noexcept;

/// Whether two identities are equal, in a time that does not tell where they differ.
bool equal_in_constant_time(const Identity& a, const Identity& b) noexcept;

}  // namespace prospero::webhooks
