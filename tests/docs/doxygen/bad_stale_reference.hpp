/// @file
/// A comment that leads to something which is not there.
#pragma once

/// A namespace.
namespace snippet {

/// A function; see @ref thrice.
/// @param value any
/// @return twice as much
int twice(int value);

}  // namespace snippet
