// What a bad consumer keeps of its pushes, in a file that is its witness.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace bad_consumers {

/// One line for each push, in the form of a witness. Thread-safe.
class Journal {
 public:
  /// With `store_every` > 0 a push is on disk only so much later, without it when add() returns.
  Journal(std::string file, std::chrono::duration<double> store_every);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// False if the file was there before.
  bool is_new() const { return is_new_; }
  /// False if these bytes were added before, also by an earlier process.
  bool add(const std::string& body);

 private:
  void store(const std::string& text) const;
  void keep_storing();

  std::string file_;
  std::chrono::duration<double> every_;
  bool is_new_ = true;
  std::mutex mutex_;
  std::condition_variable stop_;
  std::set<std::string> known_;
  std::string waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace bad_consumers
