// SQLite's file layer with one difference: fewer and larger calls of the system.
#pragma once

#include "sqlite_layer.hpp"
#include "sqlite_pieces.hpp"

namespace prospero::webhooks {

/// SQLite reads and writes page by page. Here, of a database that has a log:
///
/// - What is written to the log is gathered, and written together when SQLite syncs the log, reads from it or asks for
///   its size, so only for a connection with `synchronous = FULL`, whose every commit syncs: others must not be shown a
///   commit whose pages are not in the file yet. Nothing is promised earlier than before, as nothing is durable before
///   its sync. A piece that cannot be written fails the sync, and with it the commit, and stays until it is written or
///   forgotten. Where SQLite writes something behind that sync (the layer below does not promise
///   SQLITE_IOCAP_POWERSAFE_OVERWRITE) nothing is gathered.
/// - While the log is copied into the file, it is read ahead, and the file is made longer by a whole piece at a time,
///   into which the pages are then written. SQLite holds the locks meanwhile that keep all others from writing the file
///   and from beginning the log anew.
///
/// The rest is done by the layer that is SQLite's default when this one is made.
class SqliteFileLayer : public SqliteLayer {
 public:
  /// Throws std::bad_alloc when SQLite cannot register it.
  SqliteFileLayer();

  /// After a rollback: nothing of what was gathered is needed, and the disk may have no room for it.
  void forget_gathered() noexcept { pieces_.gathered.bytes.clear(); }

  /// A sync of the file failed. What was written to it before may not be on the disk, and no later sync will tell or
  /// mend that: Linux reports such a failure once, and then counts those pages as written. The log has them still, as
  /// long as it is neither begun anew nor emptied; what opens both next copies all of it again.
  bool copies_may_be_lost() const noexcept { return pieces_.copies_may_be_lost; }

 private:
  static int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out);

  SqlitePieces pieces_;
};

}  // namespace prospero::webhooks
