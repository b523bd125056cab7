// A store that was cut short while it was open may look whole at the next start, only older. So it is marked, by a file
// beside it.
#pragma once

#include <string>

namespace mock::store {

/// `why` is one line for people. The log is moved to STORE-cut-wal too, so that it does not get into a copy that is
/// brought back. False where no file can be made: then the next start does not know, and the log stays.
[[nodiscard]] bool mark_as_cut(const std::string& store, const std::string& why);

/// Throws Unusable for a store that is marked.
void require_uncut(const std::string& store);

}  // namespace mock::store
