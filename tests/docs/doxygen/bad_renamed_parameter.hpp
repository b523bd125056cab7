/// @file
/// A comment that names a parameter which is no longer there.
#pragma once

/// A namespace.
namespace snippet {

/// A function.
/// @param number any
/// @return twice as much
int twice(int value);

}  // namespace snippet
