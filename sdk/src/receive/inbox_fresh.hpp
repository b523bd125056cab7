// Rows that wait for their first try.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "handed_out.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// Which rows they are, and from which number on there are such.
extern const std::string is_fresh, fresh_from;

/// Nearly every row is ready when it comes and handed over after those before it, so table `arrival` has such rows in
/// their order already, and an entry in index `arrival_ready`, made now and removed soon, would be for nothing. They
/// have none (`waits` is -1), and are looked for from the one on that was handed over last. From mark
/// `fresh_from` on a start looks for them; it follows in steps, with an entry for what is still with a handler then.
///
/// Not for two threads at once. Where the look begins is no part of a transaction: only committed rows are passed.
class FreshRows {
 public:
  static constexpr std::int64_t waits = -1;

  /// Throws SqliteError, as write_mark() does.
  explicit FreshRows(SqliteConnection& connection);

  /// No row before this one has to be looked for.
  std::uint64_t from() const noexcept { return from_; }
  void pass_to(std::uint64_t seq) noexcept { from_ = seq; }
  /// A row is to be handed over that was passed.
  void back_to(std::uint64_t seq) noexcept {
    if (!has_entry(seq) && seq < from_) from_ = seq;
  }

  /// Row `seq`, if it waits at all, need not be looked for here.
  bool has_entry(std::uint64_t seq) const { return seq < marked_ || entries_.contains(seq); }
  /// Within a transaction; kept with keep_entry() after that is committed.
  void add_entry(std::uint64_t seq);
  void keep_entry(std::uint64_t seq) { entries_.insert(seq); }

  /// Whether enough rows were passed since the last time that it said so.
  bool is_mark_due(const HandedOut& out);
  /// Within a transaction; kept with keep_mark() after that is committed.
  void write_mark(const HandedOut& out);
  void keep_mark() noexcept;

 private:
  static constexpr std::uint64_t rows_per_mark = 4'096;
  std::uint64_t target(const HandedOut& out) const;

  SqliteStatement index_, set_mark_;
  std::uint64_t marked_, written_, from_, next_mark_;
  std::set<std::uint64_t> entries_;  // of those behind the mark
};

}  // namespace prospero::webhooks
