// What stands in FILE.lock: that an inbox was made here, and how many 503s came in a row from each source. It keeps its
// size as long as the sources are the same, so that it can be written when the disk is full.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <prospero/webhooks/receive/gaps.hpp>
#include <string>

namespace prospero::webhooks {

/// 503s since the last push that was stored.
struct FailedInRow {
  unsigned count = 0;
  std::optional<InboxTime> first_at;
  std::optional<Span> ended;  // a row of many before it, which is not written down yet

  friend bool operator==(const FailedInRow&, const FailedInRow&) = default;
};

/// By source.
using FailedRows = std::map<std::string, FailedInRow, std::less<>>;

/// Nothing: no inbox was made here, or the note cannot be read.
std::optional<FailedRows> read_note(int fd);
/// The same of the lock file of that name.
std::optional<FailedRows> read_note(const std::string& lock_file);
/// False: it could not be written (errno).
bool write_note(int fd, const FailedRows& rows);

/// What is to stand there.
FailedRows failed_rows(const SilenceStates& states);
/// Puts it back. A push that came after the row had begun has ended it.
void add_failed_rows(SilenceStates& states, const FailedRows& rows, const GapRules& gap_rules);

}  // namespace prospero::webhooks
