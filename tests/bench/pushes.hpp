// Made-up pushes of a given size, for measuring.
#pragma once

#include <cstddef>
#include <string>

namespace bench {

/// The body of an `invoice.updated` of at least `size` bytes and little more. The same size gives the same bytes: the
/// entity header first, then lines of an invoice in which identities, date-times, words (some beyond ASCII, some with
/// escapes), integers, amounts with a fraction, booleans and nulls take the part that they have in business data.
std::string push_of(std::size_t size);

}  // namespace bench
