// Notices that a file was removed or replaced while it is open: what is written to it then is gone with the process.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace mock::store {

class FileIdentity {
 public:
  /// Remembers which files stand under these names now; one that is not there is not watched.
  explicit FileIdentity(const std::vector<std::string>& names);

  /// The name under which the same file does not stand any more; empty if all do.
  std::string lost() const;

 private:
  struct Watched {
    std::string name;
    dev_t device;
    ino_t inode;
  };
  std::vector<Watched> files_;
};

}  // namespace mock::store
