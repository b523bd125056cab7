// What handlers and callbacks did, in the order in which they did it.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace receive_test {

using Lines = std::vector<std::string>;
#define CHECK_LINES(actual, ...) BOOST_TEST((actual) == (Lines{__VA_ARGS__}), boost::test_tools::per_element())

/// Lines from several threads; `wait_for` blocks until that many are there.
class Record {
 public:
  void add(std::string line) {
    const std::lock_guard hold{mutex_};
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock hold{mutex_};
    changed_.wait_for(hold, std::chrono::seconds{30}, [&] { return lines_.size() >= count; });
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

}  // namespace receive_test
