// What the consumer itself tells about the pushes that it took: the only view behind its answers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mock::conformance {

/// What became of one body.
struct WitnessLine {
  enum class Result : std::uint8_t { processed, quarantined, dead };
  enum class Freshness : std::uint8_t { untold, fresh, stale, ambiguous, copy };

  Result result = Result::processed;
  Freshness freshness = Freshness::untold;
  std::uint64_t times = 0;  ///< how often it took effect
};
std::string_view to_text(WitnessLine::Result result);

/// One line for people: "processed 2 times, fresh".
std::string describe(const WitnessLine& line);

/// All that the consumer told at one moment.
struct WitnessReading {
  std::map<std::string, WitnessLine> lines;  ///< by identity: the lower-case hex SHA-256 of the body
  std::string problem;                       ///< why it could not be read, in one line; empty if it was

  /// Null if nothing is told of these bytes.
  const WitnessLine* find(std::string_view body) const;
};

/// Where a reading comes from. Blocking and bounded in time; never throws for what the other side does.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual WitnessReading read() = 0;
};

inline constexpr std::size_t witness_bytes_max = std::size_t{32} << 20;

/// Reads JSON lines: `identity`, `result` (processed, quarantined, dead) and `times` must be there, `freshness` (fresh,
/// stale, ambiguous, copy, null) may, every other member is ignored. Of several lines with one identity, as a log has
/// them, the times are added and the rest is that of the last. A byte order mark at the beginning is ignored, and so is
/// a last line that begins as an object and has no end: somebody may be writing it. Anything else is a problem that
/// names the line's number, never its text.
WitnessReading parse_witness(std::string_view text);

/// How a body is named in a witness.
std::string identity_of(std::string_view body);

}  // namespace mock::conformance
