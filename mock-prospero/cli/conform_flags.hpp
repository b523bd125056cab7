// The flags of `mock-prospero conform`, and what they make of a run.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/network_flags.hpp"
#include "conformance/run.hpp"

namespace mock::cli {

struct ConformFlags {
  std::string url;
  NetworkFlags network;
  conformance::SelectionOptions selection;
  std::vector<std::string> reports;
  std::optional<std::uint64_t> seed;
  std::string fixtures, org, baseline, export_to;
  std::string witness, witness_header, witness_command, exec;
  std::size_t repeat = 1;
  std::optional<double> rate;
  bool list = false, dry_run = false, strict = false, no_marker = false, disruptive = false;
};

/// `flags` must outlive the parse.
void add_conform_flags(CLI::App& command, ConformFlags& flags);

/// Everything but the target's URL. Throws std::invalid_argument, in one line, for what a flag names and is not there
/// or not as it should be.
conformance::Plan plan_of(const ConformFlags& flags);

/// The flags that a repetition of one case needs besides --only, as shell words, each after a space.
std::string repeat_flags(const ConformFlags& flags, std::uint64_t seed);

/// The flags given that keep the verdict from being a full one.
std::vector<std::string> limits_of(const ConformFlags& flags);

}  // namespace mock::cli
