// What our file layers (SQLite's VFS) have in common.
#pragma once

#include <sqlite3.h>

#include <string>

namespace prospero::webhooks {

/// A file layer that opens files in a way of its own and leaves all else to another layer, which must live longer.
/// Registered with SQLite from construction to destruction under a name of its own; for one connection, which must be
/// closed first.
class SqliteLayer {
 public:
  SqliteLayer(const SqliteLayer&) = delete;
  SqliteLayer& operator=(const SqliteLayer&) = delete;

  /// For sqlite3_open_v2.
  const char* name() const noexcept { return name_.c_str(); }

 protected:
  using Open = int (*)(sqlite3_vfs*, const char*, sqlite3_file*, int, int*);

  /// `usual` as for sqlite3_open_v2: null is the default. `bytes_before` and `bytes_behind` are what SQLite has to give
  /// for each file beside what the usual layer needs. Throws std::bad_alloc when SQLite cannot register it.
  SqliteLayer(const char* usual, int bytes_before, int bytes_behind, Open open);
  ~SqliteLayer();

  template <class Layer>
  static Layer& of(sqlite3_vfs* vfs) {
    return static_cast<Layer&>(*static_cast<SqliteLayer*>(vfs->pAppData));
  }
  sqlite3_vfs* usual() const noexcept { return usual_; }

 private:
  template <auto Call, class... Arguments>
  static int forward(sqlite3_vfs* vfs, Arguments... arguments);

  const std::string name_;
  sqlite3_vfs* const usual_;
  sqlite3_vfs vfs_{};
};

}  // namespace prospero::webhooks
