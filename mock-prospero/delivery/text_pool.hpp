// Texts that many deliveries share, each kept once: webhooks, names of webhook events, details of attempts.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mock::delivery {

/// Texts by number. Nothing is ever taken out, so references to texts stay valid as long as the pool.
class TextPool {
 public:
  TextPool() = default;
  TextPool(TextPool&&) = default;
  TextPool& operator=(TextPool&&) = default;
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  std::uint32_t number_of(std::string_view text);  ///< adds a text that is new; std::length_error beyond 2^32 of them
  std::optional<std::uint32_t> find(std::string_view text) const;
  const std::string& text(std::uint32_t number) const { return texts_[number]; }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // views into texts_
};

}  // namespace mock::delivery
