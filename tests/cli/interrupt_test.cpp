#include "cli/interrupt.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <ctime>

using mock::cli::InterruptScope;

namespace {

// How a child ends that does this: its exit code, or minus the signal.
int end_of(void (*work)()) {
  const auto child = ::fork();
  if (child == 0) {
    const InterruptScope scope;
    work();
    ::_exit(InterruptScope::raised() ? 7 : 8);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void pass(long milliseconds) {
  const timespec time{0, milliseconds * 1'000'000};
  ::nanosleep(&time, nullptr);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(interrupt)

// As `timeout` does it, which CI jobs stand in: the reports have to be written all the same.
BOOST_AUTO_TEST_CASE(signals_that_come_together_are_one_wish) {
  BOOST_TEST(end_of([] {}) == 8);
  BOOST_TEST(end_of([] {
               std::raise(SIGTERM);
               std::raise(SIGTERM);
               std::raise(SIGINT);
             }) == 7);
}

BOOST_AUTO_TEST_CASE(a_later_one_ends_the_process) {
  BOOST_TEST(end_of([] {
               std::raise(SIGINT);
               pass(600);  // the time is what it is about
               std::raise(SIGINT);
             }) == -SIGINT);
}

BOOST_AUTO_TEST_SUITE_END()
