/// @file
/// A function without a comment.
#pragma once

/// A namespace.
namespace snippet {

int undocumented(int value);

}  // namespace snippet
