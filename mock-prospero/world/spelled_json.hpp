// JSON as it was spelled: digits, escapes and members stay those of whoever gave it (T4). A DOM would make 1.10 to
// 1.1E0 and the second of two equal names to the only one.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mock::world {

/// what() says in a few words what is no JSON, and at which byte.
class MalformedJson : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Deeper than any body that the API takes; what reads it again must not refuse it.
inline constexpr std::size_t json_depth_max = 1000;

/// `text` without the blanks between its tokens, nothing else changed. Throws MalformedJson for what RFC 8259 does not
/// allow, for what is not UTF-8, and for more than `depth_max` arrays and objects in one another. All functions below
/// take what this one returned.
std::string spelled_json(std::string_view text, std::size_t depth_max = json_depth_max);

/// The parts of an array; empty when `value` is none.
std::optional<std::vector<std::string>> elements_of(std::string_view value);

/// What a JSON string says, in UTF-8; half of a surrogate pair becomes three bytes of its own. Empty when `value` is
/// no string.
std::optional<std::string> text_in(std::string_view value);

/// The JSON string that says `text`.
std::string quoted(std::string_view text);

/// A name that stands twice in one object, at any depth.
std::optional<std::string> repeated_name(std::string_view value);

/// Members in their order. Names are compared by what they say, not by how they are spelled.
class SpelledObject {
 public:
  struct Member {
    std::string name;   ///< what it says
    std::string key;    ///< as spelled, with its quotes
    std::string value;  ///< as spelled
  };

  SpelledObject() = default;
  /// Empty when `value` is no object.
  static std::optional<SpelledObject> of(std::string_view value);

  const std::vector<Member>& members() const noexcept { return members_; }
  const std::string* find(std::string_view name) const;             ///< the last of that name; null without one
  std::optional<std::string> text_at(std::string_view name) const;  ///< empty unless it is a string

  /// Replaces the value of the first member that says the same as `key`, or adds one at the end.
  void set(std::string_view key, std::string value);
  void set_text(std::string_view name, std::string_view text) { set(quoted(name), quoted(text)); }
  void erase(std::string_view name);

  std::string text() const;

 private:
  std::vector<Member> members_;
};

}  // namespace mock::world
