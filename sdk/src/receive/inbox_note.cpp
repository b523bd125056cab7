#include "inbox_note.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>

namespace prospero::webhooks {
namespace {

constexpr std::string_view here = "an inbox is here";
// The numbers have a width of their own: a line keeps its size.
constexpr const char* row_form = "503s in a row %010u since %020lld";
constexpr const char* row_read_form = "503s in a row %10u since %20lld";
constexpr std::size_t row_bytes = 51;  // and then a blank and the source, where it has a label
constexpr std::size_t note_bytes_max = 1u << 20;

std::string line_of(const std::string& source, const FailedInRow& row) {
  std::array<char, row_bytes + 1> line{};
  const long long first_ms = row.first_at ? row.first_at->time_since_epoch().count() : 0;
  std::snprintf(line.data(), line.size(), row_form, row.count, first_ms);
  return std::string{line.data()} + (source.empty() ? "" : " " + source) + "\n";
}

void read_line(const std::string& line, FailedRows& rows) {
  unsigned count = 0;
  long long first_ms = 0;
  if (line.size() < row_bytes || std::sscanf(line.c_str(), row_read_form, &count, &first_ms) != 2) return;
  FailedInRow& row = rows[line.size() > row_bytes ? line.substr(row_bytes + 1) : ""];
  row.count = count;
  if (count > 0) row.first_at = InboxTime{std::chrono::milliseconds{first_ms}};
}

}  // namespace

std::optional<FailedRows> read_note(int fd) {
  std::string note;
  std::array<char, 4096> part{};
  for (ssize_t got = 1; got > 0 && note.size() < note_bytes_max;) {
    got = ::pread(fd, part.data(), part.size(), static_cast<off_t>(note.size()));
    if (got > 0) note.append(part.data(), static_cast<std::size_t>(got));
  }
  if (!note.starts_with(here)) return std::nullopt;
  FailedRows rows;
  std::istringstream lines{note};
  for (std::string line; std::getline(lines, line);) read_line(line, rows);
  return rows;
}

std::optional<FailedRows> read_note(const std::string& lock_file) {
  const int fd = ::open(lock_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return std::nullopt;
  auto rows = read_note(fd);
  ::close(fd);
  return rows;
}

bool write_note(int fd, const FailedRows& rows) {
  std::string note = std::string{here} + "\n";
  for (const auto& [source, row] : rows) note += line_of(source, row);
  if (::pwrite(fd, note.data(), note.size(), 0) != static_cast<ssize_t>(note.size())) return false;
  return ::ftruncate(fd, static_cast<off_t>(note.size())) == 0;
}

FailedRows failed_rows(const SilenceStates& states, const GapRules& rules) {
  FailedRows failed;
  for (const auto& [source, state] : states)
    failed[source] = state.ended ? FailedInRow{std::max(rules.failures_max, 1u), state.ended->from}
                                 : FailedInRow{state.failed_in_row, state.first_failed_at};
  return failed;
}

void add_failed_rows(SilenceStates& states, const FailedRows& rows, const GapRules& gap_rules) {
  for (const auto& [source, row] : rows) {
    SilenceState& state = states[source];
    state.failed_in_row = row.count;
    state.first_failed_at = row.first_at;
    if (row.first_at && state.last_push_at && *state.last_push_at > *row.first_at)
      note_push(state, *state.last_push_at, gap_rules);
  }
}

}  // namespace prospero::webhooks
