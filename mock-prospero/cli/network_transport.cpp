#include "cli/network_transport.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include "transport/tls_client.hpp"

namespace mock::cli {
namespace {

template <class T>
T accepted(transport::Result<T> result, const char* flag) {
  if (!result) throw std::invalid_argument{std::string{flag} + ": " + result.error().reason};
  return *std::move(result);
}

std::unique_ptr<transport::NameLookup> make_lookup(boost::asio::io_context& io, const NetworkFlags& flags) {
  std::optional<transport::DnsServer> server;
  if (!flags.dns.empty()) server = accepted(transport::DnsServer::parse(flags.dns), "--dns");
  return transport::make_cares_lookup(io, server);
}

}  // namespace

transport::UrlPolicy url_policy(const NetworkFlags& flags) {
  transport::UrlPolicy policy;
  policy.allow_local = flags.allow_local;
  policy.allow_http = flags.allow_http;
  for (const auto& net : flags.allow_nets) {
    policy.allow_nets.push_back(accepted(transport::Network::parse(net), "--allow-net"));
  }
  return policy;
}

Roots read_roots(const NetworkFlags& flags) {
  return transport::make_client_context(flags.ca_files).value();
}

NetworkTransport::NetworkTransport(boost::asio::io_context& io, const NetworkFlags& flags,
                                   std::size_t answer_bytes_kept, Roots roots)
    : lookup_(make_lookup(io, flags)),
      http_(io, *lookup_,
            {url_policy(flags), flags.ca_files, flags.keep_alive, answer_bytes_kept, std::move(roots), flags.fields}) {}

}  // namespace mock::cli
