// A thread pool that grows with what it has to do.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace mock::api {

/// Starts a thread whenever a job finds none idle, up to a bound; jobs beyond it wait. Thread-safe.
class ElasticPool {
 public:
  explicit ElasticPool(std::size_t threads_max) : threads_max_(threads_max) {}
  ~ElasticPool() { stop(); }
  ElasticPool(const ElasticPool&) = delete;
  ElasticPool& operator=(const ElasticPool&) = delete;

  void run(std::function<void()> job);  ///< after stop(): the job is dropped
  void stop();                          ///< waits for every job, also for those that have not begun; idempotent

 private:
  void work();

  const std::size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace mock::api
