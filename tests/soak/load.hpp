// Clients that push as fast as they are answered, and what they were answered.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace soak {

/// A push that no other is equal to, of one of some entities.
std::string push_body(std::uint64_t number, std::size_t more_bytes = 0);

/// What came back, over the lives of many consumers. Thread-safe.
class Answers {
 public:
  void add(int status, const std::string& body, std::chrono::duration<double> took);

  std::vector<std::string> identities() const;  ///< of the bodies that were answered 200, hex
  std::uint64_t count(int status) const;
  double longest_s(int status) const;
  double p99_s(int status) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> identities_;
  std::map<int, std::vector<double>> took_;
};

struct LoadOptions {
  std::size_t clients = 8;
  std::size_t body_bytes = 0;               ///< added to each body
  std::chrono::microseconds pause{0};       ///< of each client between an answer and its next push
  std::uint64_t pushes_a_connection = 200;  ///< then a new one
};

/// Runs until it is stopped. A connection that breaks is made anew; its push has no answer and is not made again.
class Load {
 public:
  Load(std::uint16_t port, const LoadOptions& options, std::atomic<std::uint64_t>& next_number, Answers& answers);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> clients_;
};

}  // namespace soak
