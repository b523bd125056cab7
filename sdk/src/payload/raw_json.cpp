#include <prospero/webhooks/payload/raw_json.hpp>

#include "dom.hpp"
#include "dom_memory.hpp"

namespace prospero::webhooks {

RawJson& RawJson::operator=(const RawJson& other) noexcept {
  if (this != &other) *this = RawJson{other};
  return *this;
}

std::string_view RawJson::text() const noexcept {
  return std::string_view{*body_}.substr(begin_, size_);
}

const boost::json::value& RawJson::value() const {
  if (!dom_) dom_ = detail::build_dom(*body_, begin_, size_);
  return dom_->dom();
}

}  // namespace prospero::webhooks
