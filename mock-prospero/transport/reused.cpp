#include "transport/reused.hpp"

#include <utility>

namespace mock::transport {

Result<std::shared_ptr<const WebhookUrl>> JudgedUrls::judge(const std::string& text, const UrlPolicy& policy) {
  if (const auto known = accepted_.find(text); known != accepted_.end()) return known->second;
  auto parsed = WebhookUrl::parse(text, policy);
  if (!parsed) return parsed.error();
  if (accepted_.size() == urls_max) accepted_.clear();
  return accepted_[text] = std::make_shared<const WebhookUrl>(*std::move(parsed));
}

ReadBuffers::Buffer ReadBuffers::take() {
  if (spare_.empty()) return std::make_unique<Buffer::element_type>();
  auto buffer = std::move(spare_.back());
  spare_.pop_back();
  return buffer;
}

void ReadBuffers::give_back(Buffer buffer) {
  if (buffer && spare_.size() < spare_max) spare_.push_back(std::move(buffer));
}

}  // namespace mock::transport
