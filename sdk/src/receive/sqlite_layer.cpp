#include "sqlite_layer.hpp"

#include <atomic>
#include <new>

namespace prospero::webhooks {

namespace {

std::string new_name() {
  static std::atomic<unsigned> layers{0};
  return "prospero-" + std::to_string(++layers);
}

sqlite3_vfs* find(const char* layer) {
  sqlite3_initialize();
  sqlite3_vfs* const found = sqlite3_vfs_find(layer);
  if (found == nullptr || found->iVersion < 2) throw std::bad_alloc{};
  return found;
}

}  // namespace

// A call that the usual layer does.
template <auto Call, class... Arguments>
int SqliteLayer::forward(sqlite3_vfs* vfs, Arguments... arguments) {
  sqlite3_vfs* const usual = of<SqliteLayer>(vfs).usual_;
  return usual->*Call == nullptr ? 0 : (usual->*Call)(usual, arguments...);
}

SqliteLayer::SqliteLayer(const char* usual, int bytes_before, int bytes_behind, Open open)
    : name_(new_name()), usual_(find(usual)) {
  vfs_.iVersion = 2;
  vfs_.szOsFile = bytes_before + usual_->szOsFile + bytes_behind;
  vfs_.mxPathname = usual_->mxPathname;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = forward<&sqlite3_vfs::xDelete>;
  vfs_.xAccess = forward<&sqlite3_vfs::xAccess>;
  vfs_.xFullPathname = forward<&sqlite3_vfs::xFullPathname>;
  vfs_.xRandomness = forward<&sqlite3_vfs::xRandomness>;
  vfs_.xSleep = forward<&sqlite3_vfs::xSleep>;
  vfs_.xGetLastError = forward<&sqlite3_vfs::xGetLastError>;
  vfs_.xCurrentTimeInt64 = forward<&sqlite3_vfs::xCurrentTimeInt64>;
  if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) throw std::bad_alloc{};
}

SqliteLayer::~SqliteLayer() {
  sqlite3_vfs_unregister(&vfs_);
}

}  // namespace prospero::webhooks
