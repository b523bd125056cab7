#include <boost/json/monotonic_resource.hpp>
#include <new>
#include <prospero/webhooks/payload/raw_json.hpp>
#include <utility>

#include "dom.hpp"

namespace prospero::webhooks {

// The DOM with its memory behind it, in one allocation where the guess is right.
struct RawJson::Dom {
  boost::json::monotonic_resource memory;
  boost::json::value value;

  Dom(const RawJson& json, unsigned char* room, std::size_t room_size)
      : memory(room, room_size), value(detail::build_dom(*json.body_, json.begin_, json.size_, &memory)) {}

  static std::unique_ptr<Dom, DomDeleter> make(const RawJson& json) {
    // A DOM of ordinary payloads takes two to three times the bytes of its text.
    const std::size_t room_size = 3 * json.size_ + 512;
    auto* const block = static_cast<unsigned char*>(::operator new(sizeof(Dom) + room_size));
    try {
      return std::unique_ptr<Dom, DomDeleter>(new (block) Dom(json, block + sizeof(Dom), room_size));
    } catch (...) {
      ::operator delete(block);
      throw;
    }
  }
};

void RawJson::DomDeleter::operator()(Dom* dom) const noexcept {
  dom->~Dom();
  ::operator delete(dom);
}

RawJson::RawJson(std::shared_ptr<const std::string> body, std::size_t begin, std::size_t size) noexcept
    : body_(std::move(body)), begin_(begin), size_(size) {}

RawJson::~RawJson() = default;
RawJson::RawJson(RawJson&&) noexcept = default;
RawJson& RawJson::operator=(RawJson&&) noexcept = default;

RawJson::RawJson(const RawJson& other) noexcept : body_(other.body_), begin_(other.begin_), size_(other.size_) {}

RawJson& RawJson::operator=(const RawJson& other) noexcept {
  if (this != &other) *this = RawJson{other};
  return *this;
}

std::string_view RawJson::text() const noexcept {
  return std::string_view{*body_}.substr(begin_, size_);
}

const boost::json::value& RawJson::value() const {
  if (!dom_) dom_ = Dom::make(*this);
  return dom_->value;
}

}  // namespace prospero::webhooks
