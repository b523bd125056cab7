#include "journal.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace bad_consumers {
namespace {

std::string sha256(const std::string& body) {
  constexpr auto digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(body.data(), body.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += digits[digest.at(i) >> 4];
    hex += digits[digest.at(i) & 15];
  }
  return hex;
}

std::string line_of(const std::string& identity) {
  return R"({"identity":")" + identity + R"(","result":"processed","times":1})" + "\n";
}

}  // namespace

Journal::Journal(std::string file, std::chrono::duration<double> store_every)
    : file_(std::move(file)), every_(store_every) {
  std::ifstream earlier(file_);
  is_new_ = !earlier;
  const auto skipped = std::string(R"({"identity":")").size();
  for (std::string line; std::getline(earlier, line);) known_.insert(line.substr(skipped, 64));
  store("");
  if (every_.count() > 0) thread_ = std::thread([this] { keep_storing(); });
}

Journal::~Journal() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Journal::add(const std::string& body) {
  const auto identity = sha256(body);
  const std::scoped_lock lock(mutex_);
  const bool added = known_.insert(identity).second;
  if (added && thread_.joinable()) {
    waiting_ += line_of(identity);
  } else if (added) {
    store(line_of(identity));
  }
  return added;
}

void Journal::store(const std::string& text) const {
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const bool stored = fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (fd >= 0) ::close(fd);
  if (!stored) throw std::runtime_error("the journal cannot be written: " + file_);
}

void Journal::keep_storing() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    stop_.wait_for(lock, every_, [this] { return stopping_; });
    store(std::exchange(waiting_, {}));
  }
}

}  // namespace bad_consumers
