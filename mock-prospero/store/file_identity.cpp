#include "store/file_identity.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace mock::store {

FileIdentity::FileIdentity(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    struct stat found {};
    if (::stat(name.c_str(), &found) == 0) files_.push_back({name, found.st_dev, found.st_ino});
  }
}

std::string FileIdentity::lost() const {
  const auto gone = std::find_if(files_.begin(), files_.end(), [](const Watched& file) {
    struct stat found {};
    return ::stat(file.name.c_str(), &found) != 0 || found.st_dev != file.device || found.st_ino != file.inode;
  });
  return gone == files_.end() ? "" : gone->name;
}

}  // namespace mock::store
