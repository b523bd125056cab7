// A consumer that writes down every push that it gets, and answers 200 or 500 by the throw of a seeded die.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace store_test {

/// Serves plain HTTP on loopback, on threads of its own. Thread-safe.
class RecordingConsumer {
 public:
  explicit RecordingConsumer(std::uint64_t seed);
  ~RecordingConsumer();
  RecordingConsumer(const RecordingConsumer&) = delete;
  RecordingConsumer& operator=(const RecordingConsumer&) = delete;

  std::string url() const;
  std::map<std::string, int> received() const;  ///< how often each body came

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace store_test
