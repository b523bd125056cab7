// Flags that choose values where Prospero's pages are silent: docs/assumptions.md has them all.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/network_flags.hpp"
#include "contract/values.hpp"

namespace mock::cli {

/// --content-type and --user-agent (D2), into `flags.fields`, which must outlive the parse.
void add_field_flags(CLI::App& command, NetworkFlags& flags);

/// --delays-count-from (R2). `from` must outlive the parse.
void add_delay_flag(CLI::App& command, contract::DelaysFrom& from);

/// --archive-fires (E11) and --without-fields (T3). `values` must outlive the parse.
void add_world_flags(CLI::App& command, contract::Values& values);

}  // namespace mock::cli
