#include "store/file_watch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>

namespace mock::store {
namespace {

struct Found {
  dev_t device;
  ino_t inode;
  std::uint64_t size;
};

// Not a stat, which also asks for the times: once asked, Linux gives the next write a time of its own, and every sync
// then writes the inode too, half as long again.
std::optional<Found> look_at(const std::string& name) {
  struct statx found {};
  if (::statx(AT_FDCWD, name.c_str(), 0, STATX_INO | STATX_SIZE, &found) != 0) return std::nullopt;
  return Found{makedev(found.stx_dev_major, found.stx_dev_minor), static_cast<ino_t>(found.stx_ino), found.stx_size};
}

}  // namespace

FileWatch::FileWatch(const std::vector<FileToWatch>& files) {
  for (const auto& file : files) {
    if (const auto found = look_at(file.name)) files_.push_back({file, found->device, found->inode, found->size});
  }
}

const std::string& FileWatch::trouble() {
  return look(false);
}

const std::string& FileWatch::note_sizes() {
  return look(true);
}

const std::string& FileWatch::look(bool note) {
  if (cut_short_) return trouble_;
  trouble_.clear();
  for (auto& [file, device, inode, size] : files_) {
    const auto found = look_at(file.name);
    if (!found || found->device != device || found->inode != inode) {
      return trouble_ = file.name + " was removed or replaced";
    }
    if (found->size < std::min(size, file.shrinks_to)) return call_cut(file.name);
    if (note) size = found->size;
  }
  return trouble_;
}

const std::string& FileWatch::call_cut(const std::string& name) {
  cut_short_ = true;
  return trouble_ = name + " was cut short while it was open, and what it held is lost";
}

}  // namespace mock::store
