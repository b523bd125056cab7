// The flags of every subcommand that reaches out to a consumer: whom to trust, whom to ask for names, and which parts
// of the URL policy (D6) to lift.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "transport/push_fields.hpp"

namespace mock::cli {

struct NetworkFlags {
  std::vector<std::string> ca_files;    ///< PEM files; they replace the system's roots (D7)
  std::string dns;                      ///< HOST:PORT of the name server to ask; empty: the system's
  bool allow_local = false;             ///< loopback addresses and names, still over https
  bool allow_http = false;              ///< plain http
  bool keep_alive = false;              ///< reuse connections; a flag of `serve` only
  transport::PushFields fields;         ///< D2; flags of `serve` and `push` only
  std::vector<std::string> allow_nets;  ///< non-public ranges that are allowed, as CIDR

  /// True if the run is less strict than Prospero: a verdict of it is not a full one.
  bool lifts_policy() const { return allow_local || allow_http || !allow_nets.empty(); }
};

/// Adds --ca, --dns, --allow-local, --allow-http and --allow-net. `flags` must outlive the parse.
void add_network_flags(CLI::App& command, NetworkFlags& flags);

/// How names are looked up and connections are used, which no clause settles: one line each, as those of
/// contract::print_assumptions().
std::vector<std::string> print_network(const NetworkFlags& flags);

/// Says on `out` (one line each) which rules of the real Prospero this run lifts; nothing if it lifts none.
void announce(const NetworkFlags& flags, std::FILE* out = stderr);

}  // namespace mock::cli
