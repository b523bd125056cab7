/// @file
/// A result that the comment does not tell.
#pragma once

/// A namespace.
namespace snippet {

/// A function.
/// @param value any
int twice(int value);

}  // namespace snippet
