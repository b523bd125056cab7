#include "cli/interrupt.hpp"

namespace mock::cli {
namespace {

volatile std::sig_atomic_t is_raised = 0;

void note(int) {
  is_raised = 1;
}

}  // namespace

InterruptScope::InterruptScope() {
  is_raised = 0;
  struct sigaction action {};
  action.sa_handler = note;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // and no SA_RESTART: a blocking wait ends
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
