// The folder that `mock-prospero conform --export` writes.
#pragma once

#include <string>

#include "conformance/vectors.hpp"

namespace mock::cli {

/// Writes every vector and the index into `folder`, which is made if it is missing, and removes what an earlier export
/// wrote there and this one does not: only files that the index of that one names. Throws std::invalid_argument, in one
/// line that names the file, for an index that is not of ours and for what cannot be written; then nothing is removed
/// or some vectors are missing, but none is there that the index does not name.
void write_vectors(const std::string& folder, const conformance::Vectors& vectors);

}  // namespace mock::cli
