#include <boost/json/monotonic_resource.hpp>
#include <new>
#include <prospero/webhooks/payload/raw_json.hpp>
#include <utility>

#include "json_passes.hpp"
#include "repair.hpp"

namespace prospero::webhooks {
namespace {

// The value of a text that parse() has validated.
boost::json::value dom_of(std::string_view text, const boost::json::storage_ptr& storage) {
  if (auto value = detail::build_dom(text, storage)) return std::move(*value);
  return detail::build_dom(detail::repaired(text), storage).value();
}

}  // namespace

// The DOM with its memory behind it, in one allocation where the guess is right.
struct RawJson::Dom {
  boost::json::monotonic_resource memory;
  boost::json::value value;

  Dom(std::string_view text, unsigned char* room, std::size_t room_size)
      : memory(room, room_size), value(dom_of(text, &memory)) {}

  static std::unique_ptr<Dom, DomDeleter> make(std::string_view text) {
    // A DOM of ordinary payloads takes two to three times the bytes of its text.
    const std::size_t room_size = 3 * text.size() + 256;
    auto* const block = static_cast<unsigned char*>(::operator new(sizeof(Dom) + room_size));
    try {
      return std::unique_ptr<Dom, DomDeleter>(new (block) Dom(text, block + sizeof(Dom), room_size));
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
  if (!dom_) dom_ = Dom::make(text());
  return dom_->value;
}

}  // namespace prospero::webhooks
