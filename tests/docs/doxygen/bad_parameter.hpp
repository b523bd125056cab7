/// @file
/// A parameter that the comment does not name.
#pragma once

/// A namespace.
namespace snippet {

/// A function.
/// @param value any
/// @return the sum
int sum(int value, int undocumented);

}  // namespace snippet
