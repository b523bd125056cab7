// A store that was cut short while it was open may look whole at the next start, only older. So it is marked, by a file
// beside it.
#pragma once

#include <string>

namespace mock::store {

/// `why` is one line for people. Without space for the mark there is none.
void mark_as_cut(const std::string& store, const std::string& why);

/// Throws Unusable for a store that is marked.
void require_uncut(const std::string& store);

}  // namespace mock::store
