#include "cli/interrupt.hpp"

#include <ctime>
#include <initializer_list>

namespace mock::cli {
namespace {

volatile std::sig_atomic_t is_raised = 0;
timespec first_at{};  // is read by the handler alone, while it blocks all three

bool is_same_wish(const timespec& now) {
  constexpr long milliseconds_max = 500;
  return (now.tv_sec - first_at.tv_sec) * 1000 + (now.tv_nsec - first_at.tv_nsec) / 1'000'000 < milliseconds_max;
}

// `timeout` signals the process and then its group, a terminal and a supervisor may both do it: that is one wish.
void note(int signal) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (is_raised == 0) {
    first_at = now;
    is_raised = 1;
  } else if (!is_same_wish(now)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // takes effect when this handler has ended
  }
}

}  // namespace

InterruptScope::InterruptScope() {
  is_raised = 0;
  struct sigaction action {};
  action.sa_handler = note;
  for (const int blocked : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&action.sa_mask, blocked);
  // No SA_RESTART: a blocking wait ends.
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
  sigaction(SIGHUP, &action, &before_hup_);
  if (before_hup_.sa_handler == SIG_IGN) sigaction(SIGHUP, &before_hup_, nullptr);  // nohup: it goes on
}

InterruptScope::~InterruptScope() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
  sigaction(SIGHUP, &before_hup_, nullptr);
}

bool InterruptScope::raised() {
  return is_raised != 0;
}

}  // namespace mock::cli
