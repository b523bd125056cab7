#include "cli/network_flags.hpp"

#include <fmt/format.h>

#include <string_view>

#include "cli/terminal_text.hpp"
#include "transport/name_lookup.hpp"

namespace mock::cli {

namespace {

// An empty value would be the system's, and is more likely a variable that is not set.
std::string name_server(const std::string& text) {
  const auto parsed = transport::DnsServer::parse(text);
  return parsed ? "" : for_terminal(parsed.error().reason);
}

}  // namespace

void add_network_flags(CLI::App& command, NetworkFlags& flags) {
  constexpr auto group = "Network";
  command.add_option("--ca", flags.ca_files, "PEM file of trusted roots; replaces the system's (repeatable)")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--dns", flags.dns, "name server to ask instead of the system's")
      ->check(name_server)
      ->type_name("HOST:PORT")
      ->group(group);
  command.add_flag("--allow-local", flags.allow_local, "allow loopback addresses and localhost, still over https (D6)")
      ->group(group);
  command.add_flag("--allow-http", flags.allow_http, "allow plain http (D6)")->group(group);
  command.add_option("--allow-net", flags.allow_nets, "allow a non-public range of addresses (D6, repeatable)")
      ->type_name("CIDR")
      ->allow_extra_args(false)
      ->group(group);
}

std::vector<std::string> print_network(const NetworkFlags& flags) {
  const auto line = [](std::string_view topic, std::string_view value, std::string_view flag) {
    return fmt::format("{:<5}{:<16}{}  [{}]", "", topic, value, flag);
  };
  const auto servers = flags.dns.empty() ? "the system's name servers are asked" : flags.dns + " is asked";
  const auto* connections =
      flags.keep_alive ? "used again for the same URL while the consumer keeps them" : "a new one for each attempt";
  return {line("names", servers, "--dns"), line("connections", connections, "--keep-alive")};
}

void announce(const NetworkFlags& flags, std::FILE* out) {
  if (flags.allow_local) {
    fmt::print(out, "note: --allow-local: loopback addresses are allowed; Prospero refuses them (D6)\n");
  }
  if (flags.allow_http) {
    fmt::print(out, "note: --allow-http: plain http is allowed; Prospero refuses it (D6)\n");
  }
  for (const auto& net : flags.allow_nets) {
    fmt::print(out, "note: --allow-net {}: addresses in this range are allowed even if not public (D6)\n", net);
  }
}

}  // namespace mock::cli
