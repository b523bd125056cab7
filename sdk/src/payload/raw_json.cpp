#include <boost/json/memory_resource.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <prospero/webhooks/payload/raw_json.hpp>
#include <string_view>
#include <utility>

#include "dom.hpp"

namespace prospero::webhooks {

namespace {

/// Memory that lies within the resource itself, so that a DOM which fits takes one allocation. It is counted: copies
/// that an application makes of a part of the DOM keep it alive.
template <std::size_t Size>
class Room final : public boost::json::memory_resource {
 private:
  void* do_allocate(std::size_t size, std::size_t align) override { return memory_.allocate(size, align); }
  void do_deallocate(void*, std::size_t, std::size_t) override {}  // all at once, with the last owner
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  unsigned char bytes_[Size];
  boost::json::monotonic_resource memory_{bytes_, Size};
};

boost::json::storage_ptr storage_for(std::size_t text_size) {
  // A DOM of ordinary payloads takes two to three times the bytes of its text.
  const std::size_t expected = 3 * text_size + 512;
  if (expected <= 2'048) return boost::json::make_shared_resource<Room<2'048>>();
  if (expected <= 13'312) return boost::json::make_shared_resource<Room<13'312>>();
  return boost::json::make_shared_resource<boost::json::monotonic_resource>(expected);
}

}  // namespace

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
  if (!dom_) dom_.emplace(detail::build_dom(*body_, begin_, size_, storage_for(size_)));
  return *dom_;
}

}  // namespace prospero::webhooks
