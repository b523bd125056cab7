#include "pushes.hpp"

#include <array>
#include <cstdio>
#include <random>
#include <string_view>

namespace bench {
namespace {

constexpr std::array<std::string_view, 12> words{
    "conference room", "projector", "Kaffee und Gebäck", "two nights",     "deposit",       "catering \\\"evening\\\"",
    "cleaning",        "déjeuner",  "parking",           "late check-out", "stage 4 x 6 m", "line 1\\nline 2"};

class Maker {
 public:
  std::string header() {
    return R"({"event":"invoice.updated","data":{"id":")" + uuid() + R"(","orgId":")" + uuid() + R"(","createdAt":")" +
           time() + R"(","lastUpdatedAt":")" + time() + R"(","status":"sent","total":)" + amount();
  }

  std::string line() {
    return R"({"id":")" + uuid() + R"(","text":")" + text() + R"(","quantity":)" + std::to_string(1 + below(20)) +
           R"(,"unitPrice":)" + amount() + R"(,"taxPercent":)" + (below(2) ? "19" : "7.5") + R"(,"serviceDay":")" +
           time().substr(0, 10) + R"(","optional":)" + (below(2) ? "true" : "false") + R"(,"note":)" +
           (below(3) ? "null" : "\"" + text() + "\"") + "}";
  }

 private:
  unsigned below(unsigned end) { return static_cast<unsigned>(random_() % end); }

  template <class... Numbers>
  static std::string formatted(const char* format, Numbers... numbers) {
    std::array<char, 64> buffer;
    const int size = std::snprintf(buffer.data(), buffer.size(), format, numbers...);
    return {buffer.data(), static_cast<std::size_t>(size)};
  }

  std::string uuid() {
    return formatted("%08x-%04x-11ef-%04x-%06x%06x", below(0xFFFFFFFF), below(0x10000), 0x8000 + below(0x4000),
                     below(0x1000000), below(0x1000000));
  }
  std::string time() {
    return formatted("2026-%02u-%02uT%02u:%02u:%02uZ", 1 + below(12), 1 + below(28), below(24), below(60), below(60));
  }
  std::string amount() { return formatted("%u.%02u", below(5000), below(100)); }
  std::string text() {
    std::string found{words[below(words.size())]};
    for (unsigned more = below(4); more > 0; --more) found.append(", ").append(words[below(words.size())]);
    return found;
  }

  std::mt19937 random_{1};
};

}  // namespace

std::string push_of(std::size_t size) {
  constexpr std::size_t longest_line = 430;
  Maker maker;
  std::string body = maker.header();
  std::string_view before = R"(,"lines":[)";
  while (body.size() + longest_line < size) {
    body += before;
    body += maker.line();
    before = ",";
  }
  if (before == ",") body += "]";
  body += R"(,"note":")";
  while (body.size() + 3 < size) body += "all paid. ";
  return body += "\"}}";
}

}  // namespace bench
