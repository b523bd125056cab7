/// @file
/// A member without a comment.
#pragma once

/// A namespace.
namespace snippet {

/// A struct.
struct Documented {
  int undocumented;
};

}  // namespace snippet
