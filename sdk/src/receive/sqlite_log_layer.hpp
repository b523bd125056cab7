// SQLite's file layer with one difference: what is written to the log goes to the file in large pieces.
#pragma once

#include <sqlite3.h>

#include <string>

namespace prospero::webhooks {

/// SQLite writes two pieces for each page of a transaction, its head and the page, each with a call of the system.
/// Here they are gathered and written together when SQLite syncs the log, reads from it or asks for its size, so only
/// for a connection with `synchronous = FULL`, whose every commit syncs: others must not be shown a commit whose pages
/// are not in the file yet. Nothing is promised earlier than before, as nothing is durable before its sync. A piece
/// that cannot be written fails the sync, and with it the commit, and stays until it is written or forgotten. Where
/// SQLite writes something behind that sync (the layer below does not promise SQLITE_IOCAP_POWERSAFE_OVERWRITE) nothing
/// is gathered.
///
/// All else is done by the layer that was SQLite's default when this one was made, which must live longer. Registered
/// with SQLite from construction to destruction under a name of its own; for one connection, which must be closed
/// first.
class SqliteLogLayer {
 public:
  /// Throws std::bad_alloc when SQLite cannot register it.
  SqliteLogLayer();
  ~SqliteLogLayer();
  SqliteLogLayer(const SqliteLogLayer&) = delete;
  SqliteLogLayer& operator=(const SqliteLogLayer&) = delete;

  /// What SQLite takes for written, and is not yet.
  struct Gathered {
    sqlite3_vfs* usual = nullptr;
    bool ends_with_sync = false;  ///< a commit, where its file promises SQLITE_IOCAP_POWERSAFE_OVERWRITE
    std::string bytes{};
    sqlite3_int64 from = 0;  ///< of the log

    sqlite3_int64 to() const { return from + static_cast<sqlite3_int64>(bytes.size()); }
  };

  /// After a rollback: nothing of what was gathered is needed, and the disk may have no room for it.
  void forget_gathered() noexcept { gathered_.bytes.clear(); }

  /// For sqlite3_open_v2.
  const char* name() const noexcept { return name_.c_str(); }

 private:
  std::string name_;
  Gathered gathered_;
  sqlite3_vfs layer_{};
};

}  // namespace prospero::webhooks
