// The two places where a consumer's witness can be: behind a URL, or printed by a command.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/loop.hpp"
#include "conformance/witness.hpp"
#include "transport/name_lookup.hpp"

namespace mock::conformance {

/// GET on a URL, http or https, at any address: it is the consumer's own side and nothing that Prospero sees. At most
/// 5 s, witness_bytes_max bytes; only a complete 200 counts, redirects are not followed.
struct WitnessUrl {
  std::string url;
  std::string header;                 ///< one field, `Name: value`, for instance with a token; empty: none
  std::vector<std::string> ca_files;  ///< PEM; they replace the system's roots
};
/// For one thread; `lookup` and `loop` must outlive it. The process ignores SIGPIPE from then on. Throws
/// std::invalid_argument, in one line that does not hold the URL's path or the header, for what cannot be used.
std::unique_ptr<Witness> make_http_witness(const WitnessUrl& options, transport::NameLookup& lookup, Loop& loop);

/// A shell command that prints the lines and ends with 0 within 5 s.
std::unique_ptr<Witness> make_command_witness(std::string command);

}  // namespace mock::conformance
