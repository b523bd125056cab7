// Notices what others do to a file while it is open: removed or replaced, what is written to it then is gone with the
// process; cut short, what was written is gone already, and the one who writes does not hear of it. A cut is noticed
// by the size only: not if the file has grown again when it is looked at.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mock::store {

struct FileToWatch {
  std::string name;
  std::uint64_t shrinks_to = UINT64_MAX;  ///< its owner may cut it to this size, never below; it never grows by itself
};

class FileWatch {
 public:
  FileWatch() = default;
  /// Remembers which files stand under these names now; one that is not there is not watched.
  explicit FileWatch(const std::vector<FileToWatch>& files);

  /// What is wrong, one line with the name of the file, or empty. A file that was put back is right again; what was cut
  /// short stays so.
  const std::string& trouble();
  bool cut_short() const noexcept { return cut_short_; }

  /// The owner has written: so large are the files now. What is smaller than before was cut meanwhile: as trouble().
  const std::string& note_sizes();

  /// For an owner who finds something of this file missing. As trouble().
  const std::string& call_cut(const std::string& name);

 private:
  const std::string& look(bool note);

  struct Watched {
    FileToWatch file;
    dev_t device;
    ino_t inode;
    std::uint64_t size;
  };

  std::vector<Watched> files_;
  std::string trouble_;
  bool cut_short_ = false;
};

}  // namespace mock::store
