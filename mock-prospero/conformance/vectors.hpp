// The suite's requests as files, for unit tests in any language (`--export`). docs/formats.md describes them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/run.hpp"

namespace mock::conformance {

/// The index of a folder of vectors: which files an export wrote, and which cases it left out, with the reasons.
inline constexpr std::string_view vector_index_name = "index.json";

struct Vectors {
  std::map<std::string, std::string> files{};  ///< from `ID.json` to its content
  std::string index{};                         ///< the content of vector_index_name
  std::size_t left_out = 0;                    ///< selected cases that cannot be told as requests and verdicts
};
Vectors vectors(const Plan& plan);

/// The names of the files that an index tells of, without those that no export writes. Throws std::invalid_argument, in
/// one line, for a text that is no such index.
std::vector<std::string> files_of_index(std::string_view text);

}  // namespace mock::conformance
