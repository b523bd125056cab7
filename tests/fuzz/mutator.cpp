// Mutations that keep the structure of JSON, next to libFuzzer's own on bytes: whole values and members change places,
// are doubled or become others. Bytes alone hardly ever turn a number into an array in the right place.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace {

struct Span {
  std::size_t begin;
  std::size_t size;
};

struct Parts {
  std::vector<Span> values;   ///< strings that are names among them
  std::vector<Span> members;  ///< from the name to the end of the value
};

constexpr std::array<std::string_view, 20> others{"[]",
                                                  "{}",
                                                  "[[]]",
                                                  R"({"id":1})",
                                                  "null",
                                                  "true",
                                                  "0",
                                                  "-0.0",
                                                  "1e999999999999",
                                                  "18446744073709551616",
                                                  R"("")",
                                                  R"("\ud83d")",
                                                  R"("id")",
                                                  R"("data")",
                                                  R"("\u0069d")",
                                                  R"("event")",
                                                  R"("orgId")",
                                                  R"("createdAt")",
                                                  R"("5d1c3a70-c9f1-11ef-8f3a-0242ac120002")",
                                                  R"("2026-11-24T06:00:00Z")"};

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

bool is_scalar(char c) {
  return std::string_view{"+-.0123456789"}.find(c) != std::string_view::npos || (c >= 'a' && c <= 'z') || c == 'E';
}

// Reads any bytes: what is no JSON gives parts that make little sense, which does no harm.
class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  Parts parts() {
    for (std::size_t at = 0; at < text_.size();) at = step(at);
    return std::move(parts_);
  }

 private:
  std::size_t step(std::size_t at) {
    const char c = text_[at];
    std::size_t end = at + 1;
    if (c == '{' || c == '[') {
      open_.push_back({at, name_});
      name_ = none;
    } else if (c == '}' || c == ']') {
      if (!open_.empty()) close(end);
    } else if (c == '"') {
      end = end_of_string(text_, at);
      string(at, end);
    } else if (is_scalar(c)) {
      while (end < text_.size() && is_scalar(text_[end])) ++end;
      value(at, end);
    }
    return end;
  }

  void string(std::size_t begin, std::size_t end) {
    if (end < text_.size() && text_[end] == ':') {
      parts_.values.push_back({begin, end - begin});
      name_ = begin;
    } else {
      value(begin, end);
    }
  }

  void value(std::size_t begin, std::size_t end) {
    parts_.values.push_back({begin, end - begin});
    if (name_ != none) parts_.members.push_back({name_, end - name_});
    name_ = none;
  }

  void close(std::size_t end) {
    const Open open = open_.back();
    open_.pop_back();
    name_ = open.name;
    value(open.begin, end);
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  struct Open {
    std::size_t begin;
    std::size_t name;  ///< of the member whose value it is
  };

  std::string_view text_;
  Parts parts_;
  std::vector<Open> open_;
  std::size_t name_ = none;
};

std::string mutated(std::string_view text, std::minstd_rand& random) {
  const Parts parts = Finder{text}.parts();
  const auto one_of = [&](const auto& list) { return list[random() % list.size()]; };
  const auto text_of = [&](Span span) { return text.substr(span.begin, span.size); };
  std::string out{text};
  if (!parts.members.empty() && random() % 3 == 0) {
    return out.insert(one_of(parts.members).begin, std::string{text_of(one_of(parts.members))} + ",");
  }
  if (parts.values.empty()) return out;
  const Span place = one_of(parts.values);
  const std::string_view by = random() % 2 ? text_of(one_of(parts.values)) : one_of(others);
  return out.replace(place.begin, place.size, by);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t size_max,
                                               unsigned seed) {
  std::minstd_rand random{seed};
  random.discard(2);  // neighbouring seeds begin alike
  if (random() % 2) return LLVMFuzzerMutate(data, size, size_max);
  const std::string out = mutated({reinterpret_cast<const char*>(data), size}, random);
  if (out.size() > size_max) return LLVMFuzzerMutate(data, size, size_max);
  std::memcpy(data, out.data(), out.size());
  return out.size();
}
