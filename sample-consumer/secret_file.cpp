#include "secret_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "config.hpp"

namespace consumer {
namespace {

constexpr std::string_view file_scheme = "sqlite:";

bool is_full(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

const char* advice(int error) {
  if (is_full(error)) return "make room";
  return error == EEXIST ? "look at what it is, and remove it" : "check the folder and its permissions";
}

[[noreturn]] void refuse(const std::string& file, int error) {
  throw ConfigError(fmt::format("cannot write {}: {}; {}", file, std::strerror(error), advice(error)));
}

int open_new(const std::string& file) {
  return open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
}

// A process that is killed leaves it, and in a container the next one has the same number. What is not ours, or no
// plain file, stays in the way.
std::string free_name_beside(const std::string& file) {
  std::string name = fmt::format("{}.{}.new", file, getpid());
  struct stat left {};
  if (lstat(name.c_str(), &left) == 0 && S_ISREG(left.st_mode) && left.st_uid == geteuid()) unlink(name.c_str());
  return name;
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0;
}

std::string read_kept_path(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  if (!in)
    throw ConfigError(fmt::format("cannot read the webhook's path from {}: remove the file to have a new path", file));
  return parse_hook(line, file).path;
}

}  // namespace

void create_secret_file(const std::string& file, const std::string& text) {
  const int descriptor = open_new(file);
  if (descriptor < 0) refuse(file, errno);
  const bool written = write_all(descriptor, text);
  const int error = errno;
  close(descriptor);
  if (written) return;
  unlink(file.c_str());
  refuse(file, error);
}

std::string create_beside(const std::string& file, const std::string& text) {
  std::string fresh = free_name_beside(file);
  create_secret_file(fresh, text);
  return fresh;
}

void replace_secret_file(const std::string& file, const std::string& text) {
  const std::string fresh = create_beside(file, text);
  if (std::rename(fresh.c_str(), file.c_str()) == 0) return;
  const int error = errno;
  unlink(fresh.c_str());
  refuse(file, error);
}

void check_replaceable(const std::string& file, const std::string& flag) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    throw ConfigError(fmt::format("{}: {} is a folder: name a file", flag, file));
  const auto folder = std::filesystem::path(file).parent_path();
  const std::string shown = folder.empty() ? "." : folder.string();
  if (!std::filesystem::is_directory(shown, unknown))
    throw ConfigError(fmt::format("{}: {} is no folder: make it first, or name another file", flag, shown));
  const std::string trial = free_name_beside(file);
  const int made = open_new(trial);
  if (made < 0 && is_full(errno)) return;
  if (made < 0 && errno == EEXIST)
    throw ConfigError(fmt::format("{}: {} is in the way: remove it, or name another file", flag, trial));
  if (made < 0)
    throw ConfigError(fmt::format("{}: cannot write in {}: {}; give this user write access, or name another file", flag,
                                  shown, std::strerror(errno)));
  close(made);
  unlink(trial.c_str());
}

std::string random_hook_path() {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw ConfigError("the system has no random numbers for a secret path: give one with --path");
  std::string path = "/hook/";
  for (const unsigned byte : bytes) path += fmt::format("{:02x}", byte);
  return path;
}

std::string kept_hook_path(const std::string& inbox_url) {
  if (!inbox_url.starts_with(file_scheme)) return random_hook_path();
  const std::string file = inbox_url.substr(file_scheme.size()) + ".hook";
  struct stat found {};
  if (stat(file.c_str(), &found) == 0) return read_kept_path(file);
  const std::string path = random_hook_path();
  create_secret_file(file, path + "\n");
  return path;
}

}  // namespace consumer
