#include "delivery/text_pool.hpp"

#include <limits>
#include <stdexcept>

namespace mock::delivery {

std::uint32_t TextPool::number_of(std::string_view text) {
  if (const auto known = find(text)) return *known;
  if (texts_.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("too many different texts");
  const auto number = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(texts_.emplace_back(text), number);
  return number;
}

std::optional<std::uint32_t> TextPool::find(std::string_view text) const {
  const auto at = numbers_.find(text);
  if (at == numbers_.end()) return std::nullopt;
  return at->second;
}

}  // namespace mock::delivery
