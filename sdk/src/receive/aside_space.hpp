// What counts for the size cap of an inbox: its pushes, never what is kept aside.
#pragma once

#include <algorithm>
#include <cstdint>

namespace prospero::webhooks {

/// What `rows` that are kept aside and the `bytes` stored of their bodies take up of the file, at most: they must never
/// make a push be refused. A body that does not fit into the rest of a page leaves it unused; on average that is no
/// more than the body itself has of a page, and no more than half of one.
inline std::uint64_t aside_space(std::uint64_t rows, std::uint64_t bytes) noexcept {
  constexpr std::uint64_t row_bytes = 350;  // row, number of its body, indexes: some 210 to 260
  constexpr std::uint64_t page_rest = 2'048;
  return rows * row_bytes + bytes + std::min(bytes, rows * page_rest);
}

/// The part of `used` bytes that counts for the cap.
inline std::uint64_t without_aside(std::uint64_t used, std::uint64_t rows, std::uint64_t bytes) noexcept {
  return used - std::min(used, aside_space(rows, bytes));
}

}  // namespace prospero::webhooks
