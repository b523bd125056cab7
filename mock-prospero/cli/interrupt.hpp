// Ctrl-C as a question that a run can ask.
#pragma once

#include <csignal>

namespace mock::cli {

/// While one is in scope, the first SIGINT, SIGTERM or SIGHUP only sets a flag, and so do others within half a second
/// of it; one that comes later ends the process as usual. One at a time.
class InterruptScope {
 public:
  InterruptScope();
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  static bool raised();

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
  struct sigaction before_hup_ {};
};

}  // namespace mock::cli
