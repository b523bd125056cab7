// Counts what goes through `operator new`, which this program replaces.
#pragma once

#include <cstddef>

namespace bench {

/// How often memory was asked for since the program began; not for several threads.
std::size_t allocations() noexcept;

}  // namespace bench
