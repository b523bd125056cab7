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

[[noreturn]] void refuse(const std::string& file, int error) {
  const bool full = is_full(error);
  throw ConfigError(fmt::format("cannot write {}: {}; {}", file, std::strerror(error),
                                full ? "make room" : "check the folder and its permissions"));
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
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0) refuse(file, errno);
  const bool written = write_all(descriptor, text);
  const int error = errno;
  close(descriptor);
  if (written) return;
  unlink(file.c_str());
  refuse(file, error);
}

void replace_secret_file(const std::string& file, const std::string& text) {
  const std::string fresh = fmt::format("{}.{}.new", file, getpid());
  create_secret_file(fresh, text);
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
  const std::string trial = fmt::format("{}.{}.new", file, getpid());
  const int made = open(trial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made < 0 && is_full(errno)) return;
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
