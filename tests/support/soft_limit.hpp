// A limit of this process, lowered for a while.
#pragma once

#include <sys/resource.h>

#include <stdexcept>

namespace test_support {

class SoftLimit {
 public:
  /// Throws std::runtime_error when the system refuses it.
  /// @param resource RLIMIT_NOFILE, RLIMIT_AS, ...
  SoftLimit(__rlimit_resource resource, rlim_t limit) : resource_(resource) {
    getrlimit(resource_, &before_);
    const rlimit lowered{limit, before_.rlim_max};
    if (setrlimit(resource_, &lowered) != 0) throw std::runtime_error("the limit cannot be set");
  }
  ~SoftLimit() { setrlimit(resource_, &before_); }
  SoftLimit(const SoftLimit&) = delete;
  SoftLimit& operator=(const SoftLimit&) = delete;

 private:
  const __rlimit_resource resource_;
  rlimit before_{};
};

}  // namespace test_support
