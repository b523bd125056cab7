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
// The numbers have a width of their own: a line keeps its size. Where the source has a label, a blank and that follow.
constexpr const char* row_form = "503s in a row %010u since %020lld";
constexpr const char* row_read_form = "503s in a row %10u since %20lld";
constexpr const char* ended_form = "before that, 503s from %020lld to %020lld";
constexpr const char* ended_read_form = "before that, 503s from %20lld to %20lld";
constexpr std::size_t row_bytes = 51, ended_bytes = 67;
constexpr std::size_t note_bytes_max = 1u << 20;

long long ms_of(const InboxTime& time) {
  return time.time_since_epoch().count();
}

InboxTime time_of(long long ms) {
  return InboxTime{std::chrono::milliseconds{ms}};
}

std::string lines_of(const std::string& source, const FailedInRow& row) {
  const std::string end = (source.empty() ? "" : " " + source) + "\n";
  const Span ended = row.ended.value_or(Span{});
  std::array<char, row_bytes + 1> line{};
  std::array<char, ended_bytes + 1> ended_line{};
  std::snprintf(line.data(), line.size(), row_form, row.count, ms_of(row.first_at.value_or(InboxTime{})));
  std::snprintf(ended_line.data(), ended_line.size(), ended_form, ms_of(ended.from), ms_of(ended.to));
  return line.data() + end + ended_line.data() + end;
}

std::string source_after(const std::string& line, std::size_t bytes) {
  return line.size() > bytes ? line.substr(bytes + 1) : "";
}

void read_row(const std::string& line, FailedRows& rows) {
  unsigned count = 0;
  long long first_ms = 0;
  if (line.size() < row_bytes || std::sscanf(line.c_str(), row_read_form, &count, &first_ms) != 2) return;
  FailedInRow& row = rows[source_after(line, row_bytes)];
  row.count = count;
  if (count > 0) row.first_at = time_of(first_ms);
}

void read_ended(const std::string& line, FailedRows& rows) {
  long long from_ms = 0, to_ms = 0;
  if (line.size() < ended_bytes || std::sscanf(line.c_str(), ended_read_form, &from_ms, &to_ms) != 2) return;
  if (to_ms > 0) rows[source_after(line, ended_bytes)].ended = {time_of(from_ms), time_of(to_ms)};
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
  for (std::string line; std::getline(lines, line);) {
    read_row(line, rows);
    read_ended(line, rows);
  }
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
  for (const auto& [source, row] : rows) note += lines_of(source, row);
  if (::pwrite(fd, note.data(), note.size(), 0) != static_cast<ssize_t>(note.size())) return false;
  return ::ftruncate(fd, static_cast<off_t>(note.size())) == 0;
}

FailedRows failed_rows(const SilenceStates& states) {
  FailedRows failed;
  for (const auto& [source, state] : states) failed[source] = {state.failed_in_row, state.first_failed_at, state.ended};
  return failed;
}

void add_failed_rows(SilenceStates& states, const FailedRows& rows, const GapRules& gap_rules) {
  for (const auto& [source, row] : rows) {
    SilenceState& state = states[source];
    state.failed_in_row = row.count;
    state.first_failed_at = row.first_at;
    state.ended = row.ended;
    if (row.first_at && state.last_push_at && *state.last_push_at > *row.first_at)
      note_push(state, *state.last_push_at, gap_rules);
  }
}

}  // namespace prospero::webhooks
