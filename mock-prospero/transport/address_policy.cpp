#include "transport/address_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <stdexcept>

#include "seeded_fault.hpp"

namespace mock::transport {
namespace {

using Bytes = std::array<unsigned char, 16>;

Bytes bytes_of(const Address& address) {
  Bytes bytes{};
  if (address.is_v4()) {
    std::ranges::copy(address.to_v4().to_bytes(), bytes.begin());
  } else {
    bytes = address.to_v6().to_bytes();
  }
  return bytes;
}

bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  const unsigned whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

bool rest_is_zero(const Bytes& bytes, unsigned bits) {
  Bytes masked{};
  std::copy_n(bytes.begin(), bits / 8, masked.begin());
  if (bits % 8 != 0) {
    masked[bits / 8] = static_cast<unsigned char>(bytes[bits / 8] & (0xFF << (8 - bits % 8)));
  }
  return masked == bytes;
}

struct Range {
  Bytes base;
  unsigned bits;
  std::string_view kind;
};

// The special-purpose registries of IANA; the first match names the kind.
constexpr std::array v4_ranges{
    Range{{0}, 8, "unspecified"},
    Range{{10}, 8, "private"},
    Range{{100, 64}, 10, "shared (carrier-grade NAT)"},
    Range{{127}, 8, "loopback"},
    Range{{169, 254}, 16, "link-local"},
    Range{{172, 16}, 12, "private"},
    Range{{192, 0, 0}, 24, "reserved"},
    Range{{192, 0, 2}, 24, "documentation"},
    Range{{192, 88, 99}, 24, "6to4 relay"},
    Range{{192, 168}, 16, "private"},
    Range{{198, 18}, 15, "benchmark"},
    Range{{198, 51, 100}, 24, "documentation"},
    Range{{203, 0, 113}, 24, "documentation"},
    Range{{224}, 4, "multicast"},
    Range{{255, 255, 255, 255}, 32, "broadcast"},
    Range{{240}, 4, "reserved"},
};

constexpr std::array v6_ranges{
    Range{{}, 128, "unspecified"},
    Range{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    Range{{}, 96, "IPv4-compatible"},
    Range{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96, "IPv4-mapped"},
    Range{{0x00, 0x64, 0xFF, 0x9B}, 96, "NAT64"},
    Range{{0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01}, 48, "NAT64"},
    Range{{0x20, 0x01, 0x00, 0x00}, 32, "Teredo"},
    Range{{0x20, 0x01, 0x00, 0x02, 0x00, 0x00}, 48, "benchmark"},
    Range{{0x20, 0x01, 0x0D, 0xB8}, 32, "documentation"},
    Range{{0x20, 0x01, 0x00}, 23, "reserved"},
    Range{{0x20, 0x02}, 16, "6to4"},
    Range{{0x3F, 0xFF, 0x00}, 20, "documentation"},
    Range{{0xFC}, 7, "unique-local"},
    Range{{0xFE, 0x80}, 10, "link-local"},
    Range{{0xFE, 0xC0}, 10, "site-local"},
    Range{{0xFF}, 8, "multicast"},
};
constexpr Range v6_global_unicast{{0x20}, 3, "global"};

std::string_view first_match(std::span<const Range> ranges, const Bytes& bytes) {
  const auto hit =
      std::ranges::find_if(ranges, [&](const Range& range) { return same_prefix(range.base, bytes, range.bits); });
  return hit == ranges.end() ? std::string_view{} : hit->kind;
}

Refusal bad_network(std::string_view text, std::string_view why) {
  return {"'" + std::string(text) + "' is not a range of addresses: " + std::string(why) +
          " (for example 10.1.0.0/16)"};
}

}  // namespace

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
  throw std::invalid_argument(refusal.reason);
}

Result<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  boost::system::error_code error;
  const auto base = boost::asio::ip::make_address(std::string(text.substr(0, slash)), error);
  if (error || (base.is_v6() && base.to_v6().scope_id() != 0))
    return bad_network(text, "no IP address before the slash");
  const unsigned all = base.is_v4() ? 32 : 128;
  unsigned bits = all;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    if (digits.size() > 1 && digits.starts_with('0')) {
      return bad_network(text, "the prefix length begins with a zero: is it octal or decimal?");
    }
    const char* const end = text.data() + text.size();
    const auto [stop, code] = std::from_chars(digits.data(), end, bits);
    if (code != std::errc{} || stop != end || bits > all) {
      return bad_network(text, "the prefix length must be 0 to " + std::to_string(all));
    }
  }
  if (!rest_is_zero(bytes_of(base), bits)) return bad_network(text, "bits after the prefix are not zero");
  return Network(base, bits);
}

bool Network::contains(const Address& address) const {
  return address.is_v4() == base_.is_v4() && same_prefix(bytes_of(address), bytes_of(base_), bits_);
}

std::string_view non_public_kind(const Address& address) {
  const Bytes bytes = bytes_of(address);
  if (address.is_v4()) return first_match(v4_ranges, bytes);
  const auto kind = first_match(v6_ranges, bytes);
  if (!kind.empty() || same_prefix(v6_global_unicast.base, bytes, v6_global_unicast.bits)) return kind;
  return "reserved";
}

std::optional<std::string> refuse_address(const Address& address, const UrlPolicy& policy) {
  const auto kind = non_public_kind(address);
  const bool let_through = (PROSPERO_FAULT(D6_nat64_is_public) && kind == "NAT64") ||
                           (PROSPERO_FAULT(D6_ipv4_mapped_is_public) && kind == "IPv4-mapped") ||
                           (PROSPERO_FAULT(D6_shared_is_public) && kind.starts_with("shared"));
  if (kind.empty() || let_through) return std::nullopt;
  const bool loopback = kind == "loopback";
  if (loopback && policy.allow_local) return std::nullopt;
  if (std::ranges::any_of(policy.allow_nets, [&](const Network& net) { return net.contains(address); })) {
    return std::nullopt;
  }
  const auto text = address.to_string();
  return text + " is not a public address (" + std::string(kind) + ", D6); " +
         (loopback ? "--allow-local" : "--allow-net " + text) + " allows it";
}

}  // namespace mock::transport
