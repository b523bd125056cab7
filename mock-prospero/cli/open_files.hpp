// How many connections the system lets this process have at a time.
#pragma once

#include <cstddef>
#include <string>

namespace mock::cli {

/// Attempts under way at a time that fit into `files` open files, beside the store, the look-ups and the callers of the
/// API. Zero: not one.
std::size_t connections_within(std::size_t files);

/// Raises the soft limit of open files to the hard one, and gives its value.
std::size_t raise_open_files();

/// `wanted`, or fewer if the limit asks for that: then `note` says so. Throws std::runtime_error if not one fits.
std::size_t bounded_connections(std::size_t wanted, std::size_t files, std::string& note);

}  // namespace mock::cli
