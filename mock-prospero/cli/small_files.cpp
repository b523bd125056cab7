#include "cli/small_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace mock::cli {
namespace {

[[noreturn]] void refuse(const char* flag, const std::string& file, const std::string& why) {
  throw std::invalid_argument{fmt::format("{} {}: {}", flag, file, why)};
}

}  // namespace

std::string read_token(const std::string& file) {
  constexpr auto spaces = " \t\r\n";
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) refuse("--token-file", file, "is a folder; name a file");
  std::ifstream stream{file};
  std::string line;
  if (!stream) refuse("--token-file", file, std::string{"cannot be read: "} + std::strerror(errno));
  std::getline(stream, line);
  const auto first = line.find_first_not_of(spaces);
  if (first == std::string::npos) refuse("--token-file", file, "its first line must be the token, and is empty");
  return line.substr(first, line.find_last_not_of(spaces) - first + 1);
}

ReadyFile::ReadyFile(std::string file) : file_(std::move(file)) {
  std::error_code ignored;  // what is in the way shows when the file is written
  if (std::filesystem::is_regular_file(file_, ignored)) std::filesystem::remove(file_, ignored);
}

ReadyFile::~ReadyFile() {
  if (line_.empty()) return;
  std::ifstream stream{file_};
  std::string first;
  std::getline(stream, first);
  if (first + '\n' == line_) ::unlink(file_.c_str());
}

void ReadyFile::write(const std::string& url) {
  if (file_.empty()) return;
  const auto part = file_ + ".part";
  const auto line = url + '\n';
  const auto complain = [&] {
    refuse("--ready-file", file_, std::string{"cannot be written: "} + std::strerror(errno));
  };
  ::unlink(part.c_str());  // what an earlier run left; a failure shows in open()
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) complain();
  const auto written = ::write(fd, line.data(), line.size());
  const int closed = ::close(fd);
  if (written != static_cast<ssize_t>(line.size()) || closed != 0) complain();
  if (std::rename(part.c_str(), file_.c_str()) != 0) complain();
  line_ = line;
}

}  // namespace mock::cli
