#include "conformance/witness.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

namespace mock::conformance {
namespace {

namespace json = boost::json;
using Result = WitnessLine::Result;
using Freshness = WitnessLine::Freshness;

constexpr std::array<std::pair<std::string_view, Result>, 3> results{
    {{"processed", Result::processed}, {"quarantined", Result::quarantined}, {"dead", Result::dead}}};
constexpr std::array<std::pair<std::string_view, Freshness>, 5> verdicts{{{"", Freshness::untold},
                                                                          {"fresh", Freshness::fresh},
                                                                          {"stale", Freshness::stale},
                                                                          {"ambiguous", Freshness::ambiguous},
                                                                          {"copy", Freshness::copy}}};

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view no_object = "no JSON object";

template <class Words>
auto value_of(const Words& words, const json::value* text) -> std::optional<decltype(words.front().second)> {
  if (text == nullptr || !text->is_string()) return std::nullopt;
  const auto* const found = std::ranges::find(words, std::string_view(text->get_string()), &Words::value_type::first);
  if (found == words.end()) return std::nullopt;
  return found->second;
}

bool is_identity(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  return text.size() == 64 && text.find_first_not_of(digits) == std::string_view::npos;
}

std::optional<Freshness> freshness_of(const json::object& line) {
  const auto* const told = line.if_contains("freshness");
  return told == nullptr || told->is_null() ? Freshness::untold : value_of(verdicts, told);
}

std::optional<std::uint64_t> times_of(const json::object& line) {
  const auto* const told = line.if_contains("times");
  boost::system::error_code error;
  const auto times = told != nullptr ? told->to_number<std::uint32_t>(error) : 0;
  if (told == nullptr || error) return std::nullopt;
  return times;
}

// Empty if the line was taken, else what is wrong with it.
std::string_view take(std::string_view text, WitnessReading& reading) {
  boost::system::error_code error;
  const auto parsed = json::parse(text, error);
  const auto* const line = error ? nullptr : parsed.if_object();
  if (line == nullptr) return no_object;
  const auto* const identity = line->if_contains("identity");
  if (identity == nullptr || !identity->is_string() || !is_identity(identity->get_string())) {
    return "identity is not the lower-case hex SHA-256 of a body";
  }
  const auto result = value_of(results, line->if_contains("result"));
  if (!result) return "result is none of processed, quarantined, dead";
  const auto freshness = freshness_of(*line);
  if (!freshness) return "freshness is none of fresh, stale, ambiguous, copy, null";
  const auto times = times_of(*line);
  if (!times) return "times is no count";
  auto& known = reading.lines[std::string(identity->get_string())];
  known = {*result, *freshness, known.times + *times};
  return {};
}

}  // namespace

std::string_view to_text(Result result) {
  return std::ranges::find(results, result, &std::pair<std::string_view, Result>::second)->first;
}

std::string describe(const WitnessLine& line) {
  const auto freshness =
      std::ranges::find(verdicts, line.freshness, &std::pair<std::string_view, Freshness>::second)->first;
  const auto times = line.times == 1 ? std::string("once") : fmt::format("{} times", line.times);
  return fmt::format("{} {}{}{}", to_text(line.result), times, freshness.empty() ? "" : ", ", freshness);
}

std::string identity_of(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

const WitnessLine* WitnessReading::find(std::string_view body) const {
  const auto found = lines.find(identity_of(body));
  return found == lines.end() ? nullptr : &found->second;
}

WitnessReading parse_witness(std::string_view text) {
  WitnessReading reading;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto wrong = take(line, reading);
    const bool half_written = end == std::string_view::npos && line.starts_with('{') && wrong == no_object;
    if (!wrong.empty() && !half_written) {
      reading.problem = fmt::format("line {} of the witness: {}", number, wrong);
      return reading;
    }
  }
  return reading;
}

}  // namespace mock::conformance
