/// @file
/// Exactly once, for an application that keeps its state in SQLite: the done-mark.
///
/// The worker promises at least once: after a crash between a handler's end and the inbox's note of it, the push comes
/// again. A handler that writes the mark in the same transaction as its own changes makes that harmless: before it
/// hands a row over that may have been started already, the worker asks for the mark, and when it is there the row is
/// settled without a call.
///
///   pw::make_done_marks(db);                                                   // once
///   dispatcher.follow<pw::Invoice>([db](const auto& push, pw::Delivery& how) {
///     ... BEGIN; the application's own changes ...
///     pw::write_done_mark(db, how);                                            // then COMMIT
///   });
///   options.find_done_mark = [db](const pw::Identity& identity, std::uint64_t seq) {
///     return pw::find_done_mark(db, identity, seq);
///   };
///
/// The database is the application's, never the inbox file. None of these functions begins or ends a transaction, and
/// none is for two threads on one connection at once (unless that connection is). docs/receiver.md has the same for
/// PostgreSQL.
#pragma once

#include <cstdint>
#include <optional>
#include <prospero/webhooks/payload/delivery.hpp>
#include <stdexcept>

struct sqlite3;

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// The application's database did not do what was asked; what() has SQLite's own words.
class DoneMarkError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a mark tells beside being there.
struct DoneMark {
  std::optional<Observation> observation;  ///< what the handler had re-read
};

/// Creates the table `prospero_done_mark` unless it is there. Its column `observed` holds the time that the re-read
/// gave, 'there' (the entity exists, its time is unknown), 'gone', or NULL: nothing was re-read. Throws DoneMarkError.
/// @param db open
void make_done_marks(sqlite3* db);

/// Marks the row of `how` as done, with what observed() was told, in the transaction that is open on `db`. Marking
/// twice is no error. Throws DoneMarkError.
/// @param db open, within a transaction
/// @param how as the handler got it
void write_done_mark(sqlite3* db, const Delivery& how);

/// Throws DoneMarkError.
/// @param db open
/// @param identity Delivery::identity
/// @param seq Delivery::seq
/// @return nothing when the row was not marked
std::optional<DoneMark> find_done_mark(sqlite3* db, const Identity& identity, std::uint64_t seq);

/// Forgets the marks of rows below `seq`. The mark of a row is asked for again while the row is pending, and as long as
/// it is dead, since an operator may retry it: then its handler would be called for what it has done. So `seq` must not
/// be above the lowest number of all pending and dead rows (InboxView::list() tells them); where there are none, any
/// number up to the newest row's is safe. Throws DoneMarkError.
/// @param db open
/// @param seq the first row whose mark stays
void forget_done_marks_below(sqlite3* db, std::uint64_t seq);

}  // namespace prospero::webhooks

#pragma GCC visibility pop
