#include "store/file_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace mock::store {
namespace {

// Not a stat, which also asks for the times: once asked, Linux gives the next write a time of its own, and every sync
// then writes the inode too, half as long again.
std::optional<std::pair<dev_t, ino_t>> place_of(const std::string& name) {
  struct statx found {};
  if (::statx(AT_FDCWD, name.c_str(), 0, STATX_INO, &found) != 0) return std::nullopt;
  return std::pair{makedev(found.stx_dev_major, found.stx_dev_minor), static_cast<ino_t>(found.stx_ino)};
}

}  // namespace

FileIdentity::FileIdentity(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (const auto place = place_of(name)) files_.push_back({name, place->first, place->second});
  }
}

std::string FileIdentity::lost() const {
  const auto gone = std::find_if(files_.begin(), files_.end(), [](const Watched& file) {
    return place_of(file.name) != std::pair{file.device, file.inode};
  });
  return gone == files_.end() ? "" : gone->name;
}

}  // namespace mock::store
