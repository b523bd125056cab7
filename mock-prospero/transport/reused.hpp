// What attempts of one transport use one after the other instead of making it anew: with thousands of attempts a second
// that is what the time goes into.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "transport/url.hpp"

namespace mock::transport {

/// URLs that the policy has accepted. The policy of a transport never changes, so neither does its verdict.
class JudgedUrls {
 public:
  Result<std::shared_ptr<const WebhookUrl>> judge(const std::string& text, const UrlPolicy& policy);

 private:
  static constexpr std::size_t urls_max = 1024;
  std::unordered_map<std::string, std::shared_ptr<const WebhookUrl>> accepted_;
};

/// Memory to read into. The allocator would tidy up all of its small pieces for each one of this size.
class ReadBuffers {
 public:
  using Buffer = std::unique_ptr<std::array<char, 16 * 1024>>;
  Buffer take();
  void give_back(Buffer buffer);  ///< nothing may read into it any more

 private:
  static constexpr std::size_t spare_max = 256;
  std::vector<Buffer> spare_;
};

}  // namespace mock::transport
