/// @file
/// Everything is documented.
#pragma once

/// A namespace.
namespace snippet {

/// A function; see thrice().
/// @param value any
/// @return twice as much
int twice(int value);

/// Another; see @ref twice.
/// @param value any
/// @return three times as much
int thrice(int value);

}  // namespace snippet
