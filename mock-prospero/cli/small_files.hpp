// The small files that a service reads its secret from and says its address in.
#pragma once

#include <string>

namespace mock::cli {

/// The first line of the file, without the spaces around it. Throws std::invalid_argument, naming --token-file, if it
/// cannot be read or that line is empty.
std::string read_token(const std::string& file);

/// The file of --ready-file, which is there only while the service is ready: one that an earlier run left is removed at
/// once, and the own one at the end, unless another process has written it since. Without a name it does nothing.
class ReadyFile {
 public:
  explicit ReadyFile(std::string file);
  ~ReadyFile();
  ReadyFile(const ReadyFile&) = delete;
  ReadyFile& operator=(const ReadyFile&) = delete;

  /// Puts `url` and a line end into the file, mode 0600, all at once: who waits for the file never reads half of it.
  /// Throws std::invalid_argument, naming --ready-file.
  void write(const std::string& url);

 private:
  std::string file_, line_;
};

}  // namespace mock::cli
