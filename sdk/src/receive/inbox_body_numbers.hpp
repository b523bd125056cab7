// By which number a body is known: the index from identities to rows of `body`.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <vector>

#include "inbox_numbered.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// A part of a digest is as good as any hash of it.
struct DigestHash {
  std::size_t operator()(const Identity& identity) const noexcept {
    std::size_t hash = 0;
    std::memcpy(&hash, identity.bytes.data(), sizeof hash);
    return hash;
  }
};
using NumbersByIdentity = boost::unordered_flat_map<Identity, std::int64_t, DigestHash>;

/// Digests are spread evenly, so an index of them that is written push by push costs a page of the file for each push:
/// more than all else about it. So the newest are kept in memory, where they are put together again when the file is
/// opened, and table `body_number` gets many of them at a time in its own order, in which they share its pages. Mark
/// `numbered_to` tells up to which number all are in the table.
///
/// For the connection that writes; all throw SqliteError, and those that write expect a transaction. What a transaction
/// changed in memory is settled with keep(), or undone with undo().
class BodyNumbers {
 public:
  explicit BodyNumbers(SqliteConnection& connection);

  /// The highest that was there at the start.
  std::int64_t last() const noexcept { return last_; }
  std::optional<std::int64_t> find(const Identity& identity);
  /// A body has this number now, which is higher than all before. The caller inserts its row.
  void add(const Identity& identity, std::int64_t number);
  void remove(const Identity& identity);

  /// Writes up to `most` of those that are due to the table.
  void write_some(std::size_t most);

  using Mark = std::size_t;
  Mark mark() const noexcept { return changes_.size(); }
  void undo_to(Mark mark) noexcept;  ///< not over a write_some()
  void undo() noexcept;              ///< ends the process without the memory for it: what it remembers would be wrong
  void keep() noexcept;

 private:
  struct Entry {
    Identity identity;
    std::int64_t number;  // 0: its body was removed
  };
  struct Change {
    Entry before;  // number 0: it was not there
    bool due;      // among those that are being written
  };

  std::vector<Entry>::iterator find_due(const Identity& identity);
  void make_due() noexcept;

  SqliteStatement find_, insert_, delete_, set_mark_;
  NumberedIdentities in_table_;
  NumbersByIdentity newest_;
  std::vector<Entry> due_;  // in the order of identities
  std::int64_t last_due_ = 0, last_ = 0;
  std::size_t written_ = 0, kept_ = 0;  // how many of due_ are in the table; with the last commit
  std::vector<Change> changes_;
};

/// The same for a connection that only reads, while another one may write.
class BodyNumbersView {
 public:
  explicit BodyNumbersView(SqliteConnection& connection);

  std::optional<std::int64_t> find(const Identity& identity);
  /// Looks for what was written since: the one who writes may have given a body another number.
  void catch_up();

 private:
  std::optional<std::int64_t> find_newest(const Identity& identity);

  SqliteStatement find_, is_there_, numbered_to_, newer_, newer_by_rows_;
  NumbersByIdentity newest_;
  std::int64_t seen_numbered_to_ = -1, last_ = 0;
};

}  // namespace prospero::webhooks
