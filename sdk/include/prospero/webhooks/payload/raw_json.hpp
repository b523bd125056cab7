/// @file
/// A JSON value that is kept as it came, and taken apart when someone first asks.
#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

namespace detail {

class DomBlock;
struct FreeDom {
  void operator()(DomBlock* block) const noexcept;
};

}  // namespace detail

/// A part of a body that parse() has validated. Copies share the bytes of the body, which live as long as any of them;
/// they do not share the DOM, so copies may go to different threads while one object is not for two threads at once.
class RawJson {
 public:
  /// parse() makes these; tests may too.
  /// @param body not null; shared, and not to be changed by anyone
  /// @param begin offset of the value within `*body`
  /// @param size of the value, in bytes; it ends within `*body`
  RawJson(std::shared_ptr<const std::string> body, std::size_t begin, std::size_t size) noexcept
      : body_(std::move(body)), begin_(begin), size_(size) {}
  ~RawJson() = default;
  /// Shares the bytes, not the DOM.
  /// @param other not moved from
  RawJson(const RawJson& other) noexcept : RawJson(other.body_, other.begin_, other.size_) {}
  /// Takes the DOM along: a reference to it stays valid.
  /// @param other afterwards only to be destroyed or assigned to
  RawJson(RawJson&& other) noexcept = default;
  /// Shares the bytes, not the DOM.
  /// @param other not moved from
  /// @return this object
  RawJson& operator=(const RawJson& other) noexcept;
  /// Takes the DOM along: a reference to it stays valid.
  /// @param other afterwards only to be destroyed or assigned to
  /// @return this object
  RawJson& operator=(RawJson&& other) noexcept = default;

  /// @return the bytes of the value as they came; they live as long as this object or any copy of it
  std::string_view text() const noexcept;

  /// @return the whole body that the value is a part of; never null unless moved from
  const std::shared_ptr<const std::string>& body() const noexcept { return body_; }

  /// The DOM, built by the first call and kept: not for two threads at once on one object. What has no exact form there
  /// is replaced: a lone surrogate escape by U+FFFD, a number beyond the range of double by an infinity or 0; any other
  /// that is no 64-bit integer by the nearest double. Of a repeated member the last one counts. Throws std::bad_alloc;
  /// std::invalid_argument if the bytes, not from parse(), are no value.
  ///
  /// All of it lies in one piece of memory of this object's. A copy of a part, `auto total = fields.at("total")` for
  /// instance, has memory of its own, from operator new: it may outlive everything here and go to another thread.
  /// @return a reference that lives until this object, or the one that it was moved to, is assigned to or destroyed
  const boost::json::value& value() const;

 private:
  std::shared_ptr<const std::string> body_;
  std::size_t begin_;
  std::size_t size_;
  mutable std::unique_ptr<detail::DomBlock, detail::FreeDom> dom_;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
