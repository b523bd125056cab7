// What scan() does with each token. Only for json_passes.cpp.
#pragma once

#include <array>
#include <boost/json/basic_parser.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "json_passes.hpp"

namespace prospero::webhooks::detail {

/// Boost.JSON tells values without positions, strings without escapes as views into the text, others in parts. So the
/// place of `data` is taken from the names beside it, and given up (Facts) where one of them was escaped.
class ScanHandler {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  explicit ScanHandler(std::string_view text) noexcept : text_(text) {}

  using Error = boost::json::error_code;
  using View = boost::json::string_view;

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }

  bool on_object_begin(Error&) { return open(Kind::object); }
  bool on_array_begin(Error&) { return open(Kind::other); }
  bool on_object_end(std::size_t, Error&) { return close(); }
  bool on_array_end(std::size_t, Error&) { return close(); }

  bool on_key_part(View part, std::size_t, Error&) {
    if (names_matter()) parts_.append(part.data(), part.size());
    return true;
  }
  bool on_key(View last, std::size_t size, Error&) {
    if (names_matter()) name(last, size);
    return true;
  }
  bool on_string_part(View part, std::size_t, Error&) {
    if (slot_ != Slot::none) parts_.append(part.data(), part.size());
    return true;
  }
  bool on_string(View last, std::size_t size, Error&) {
    if (slot_ != Slot::none) string(last, size);
    return true;
  }

  bool on_number_part(View, Error&) { return true; }
  bool on_int64(std::int64_t, View, Error&) { return scalar(); }
  bool on_uint64(std::uint64_t, View, Error&) { return scalar(); }
  bool on_double(double, View, Error&) { return scalar(); }
  bool on_bool(bool, Error&) { return scalar(); }
  bool on_null(Error&) { return scalar(); }
  bool on_comment_part(View, Error&) { return true; }
  bool on_comment(View, Error&) { return true; }

  /// What was seen, after a pass that went well.
  Facts facts() {
    if (data_open_) end_data(text_.size(), '}');
    facts_.event = seen(Slot::event);
    facts_.data = seen(Slot::data);
    facts_.id = seen(Slot::id);
    if (seen(Slot::org_id).count != 1) facts_.header.org_id.reset();
    if (seen(Slot::created_at).count != 1) facts_.header.created_at.reset();
    if (seen(Slot::last_updated_at).count != 1) facts_.header.last_updated_at.reset();
    return std::move(facts_);
  }

 private:
  /// Whose value comes next.
  enum class Slot : unsigned char { none, event, data, id, org_id, created_at, last_updated_at };

  MemberSeen& seen(Slot slot) noexcept { return seen_[static_cast<std::size_t>(slot)]; }

  bool names_matter() const noexcept { return depth_ == 1 || (depth_ == 2 && in_data_); }

  // The slot that the value now coming belongs to, with the kind of that value noted.
  Slot take_slot(Kind kind) noexcept {
    const Slot slot = std::exchange(slot_, Slot::none);
    ++seen(slot).count;
    seen(slot).kind = kind;
    return slot;
  }

  bool scalar() {
    if (slot_ != Slot::none) take_slot(Kind::other);
    return true;
  }

  bool open(Kind kind) {
    if (depth_ == 0) facts_.outermost = kind;
    if (slot_ != Slot::none && take_slot(kind) == Slot::data) in_data_ = kind == Kind::object;
    ++depth_;
    return true;
  }

  bool close() {
    --depth_;
    if (depth_ == 1) in_data_ = false;
    return true;
  }

  // What came in parts and its last piece, as one.
  std::string_view whole(View last, std::size_t size) {
    if (last.size() == size) return {last.data(), last.size()};
    parts_.append(last.data(), last.size());
    return parts_;
  }

  void name(View last, std::size_t size) {
    const std::string_view found = whole(last, size);
    if (depth_ == 1) {
      top_level_name(found);
    } else {
      slot_ = entity_slot(found);
    }
    parts_.clear();
  }

  void top_level_name(std::string_view found) {
    const std::optional<std::size_t> place = place_in_text(found);
    if (data_open_ && place) end_data(*place - 1, ',');
    data_open_ = false;
    slot_ = found == "event" ? Slot::event : found == "data" ? Slot::data : Slot::none;
    if (slot_ == Slot::data && place) {
      data_open_ = true;
      data_name_end_ = *place + found.size();
    }
  }

  static Slot entity_slot(std::string_view name) noexcept {
    if (name == "id") return Slot::id;
    if (name == "orgId") return Slot::org_id;
    if (name == "createdAt") return Slot::created_at;
    return name == "lastUpdatedAt" ? Slot::last_updated_at : Slot::none;
  }

  void string(View last, std::size_t size) {
    const std::string_view value = whole(last, size);
    EntityHeader& header = facts_.header;
    switch (take_slot(Kind::string)) {
      case Slot::event:
        facts_.event_name = value;
        break;
      case Slot::id:
        read_id(value);
        break;
      case Slot::org_id:
        header.org_id = Uuid::from_text(value);
        break;
      case Slot::created_at:
        header.created_at = Timestamp::from_rfc3339(value);
        break;
      case Slot::last_updated_at:
        header.last_updated_at = Timestamp::from_rfc3339(value);
        break;
      case Slot::data:
      case Slot::none:
        break;
    }
    parts_.clear();
  }

  void read_id(std::string_view value) noexcept {
    const std::optional<Uuid> id = Uuid::from_text(value);
    facts_.id_is_uuid = id.has_value();
    if (id) facts_.header.id = *id;
  }

  // Where a name stands; nullopt for one with escapes, which was put together elsewhere.
  std::optional<std::size_t> place_in_text(std::string_view name) const noexcept {
    const std::less_equal<const char*> not_after;
    const char* const end = text_.data() + text_.size();
    if (!not_after(text_.data(), name.data()) || !not_after(name.data() + name.size(), end)) return std::nullopt;
    return static_cast<std::size_t>(name.data() - text_.data());
  }

  static bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  // `after` is where the next name begins, or the end of the text; `closer` stands before it and after the value.
  // All of it is known to be JSON.
  void end_data(std::size_t after, char closer) {
    std::size_t begin = data_name_end_ + 1;
    while (text_[begin] != ':') ++begin;
    ++begin;
    while (is_space(text_[begin])) ++begin;
    while (text_[after - 1] != closer) --after;
    --after;
    while (is_space(text_[after - 1])) --after;
    facts_.data_place = DataPlace{begin, after - begin};
  }

  std::string_view text_;
  Facts facts_;
  std::array<MemberSeen, 7> seen_{};
  std::string parts_;
  std::size_t depth_ = 0;
  std::size_t data_name_end_ = 0;
  Slot slot_ = Slot::none;
  bool in_data_ = false;
  bool data_open_ = false;  ///< the member `data` has begun, where is known, and no name has come after it
};

}  // namespace prospero::webhooks::detail
