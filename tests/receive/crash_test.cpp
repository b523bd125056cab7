#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/worker.hpp>
#include <semaphore>
#include <vector>

#include "fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

// A child process that runs `work` until it is killed; `work` reports to the parent by writing to a pipe. Forked while
// this process has a single thread.
class Victim {
 public:
  explicit Victim(const std::function<void(int report)>& work) {
    BOOST_REQUIRE(::pipe(pipe_.data()) == 0);
    child_ = ::fork();
    BOOST_REQUIRE(child_ >= 0);
    if (child_ != 0) {
      ::close(pipe_[1]);
      return;
    }
    ::close(pipe_[0]);
    work(pipe_[1]);
    for (;;) ::pause();
  }
  ~Victim() {
    kill();
    ::close(pipe_[0]);
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  /// The next number that the child reported; nothing once it is gone.
  std::optional<std::uint64_t> report() {
    std::uint64_t value = 0;
    if (::read(pipe_[0], &value, sizeof value) != ssize_t{sizeof value}) return std::nullopt;
    return value;
  }

  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

 private:
  std::array<int, 2> pipe_{};
  pid_t child_ = -1;
};

void tell(int report, std::uint64_t value) {
  if (::write(report, &value, sizeof value) != ssize_t{sizeof value}) ::_exit(1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(arrival_killed_between_commit_and_handling_comes_again, *label("R3")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  Victim victim{[&url](int report) {
    auto inbox = pw::open_inbox(url).release();
    store(*inbox, arrival("never handled", "a"));
    tell(report, inbox->take(at(5'000)).value().row.seq);
  }};
  const auto taken = victim.report();
  victim.kill();

  const auto inbox = pw::open_inbox(url);
  const auto again = inbox->take(at(5'000));
  BOOST_REQUIRE(again);
  BOOST_TEST(again->row.seq == taken.value());
  BOOST_TEST(again->body == "never handled");
  BOOST_TEST(again->row.tries == 0u);
}

BOOST_AUTO_TEST_CASE(whatever_was_reported_durable_survives_a_kill_in_mid_write, *label("R3")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  Victim victim{[&url](int report) {
    auto inbox = pw::open_inbox(url).release();
    std::counting_semaphore<64> in_flight{64};
    for (std::uint64_t i = 0;; ++i) {
      in_flight.acquire();
      inbox->store(arrival(std::to_string(i), std::to_string(i)), [&](const pw::StoreResult& result) {
        if (result.durable()) tell(report, result.seq);
        in_flight.release();
      });
    }
  }};
  std::vector<std::uint64_t> durable;
  while (durable.size() < 2'000) durable.push_back(victim.report().value());
  victim.kill();
  while (const auto late = victim.report()) durable.push_back(*late);

  const auto inbox = pw::open_inbox(url);
  BOOST_TEST(inbox->counts().pending >= durable.size());
  const auto page = inbox->list(std::nullopt, 1'000'000);
  std::vector<std::uint64_t> found;
  for (const auto& row : page.rows) found.push_back(row.seq);
  std::sort(found.begin(), found.end());
  std::sort(durable.begin(), durable.end());
  BOOST_TEST(std::includes(found.begin(), found.end(), durable.begin(), durable.end()));
}

BOOST_AUTO_TEST_CASE(arrival_killed_within_its_handler_is_handed_over_again, *label("R3")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const std::string body = R"({"event":"weather.changed","data":"rain"})";
  Victim victim{[&](int report) {
    const auto inbox = pw::open_inbox(url);
    const pw::Dispatcher dispatcher{[report](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
      tell(report, how.tries);
      for (;;) ::pause();
    }};
    store(*inbox, arrival(body));
    const pw::Worker worker{*inbox, dispatcher};
    for (;;) ::pause();
  }};
  BOOST_TEST(victim.report().value() == 1u);
  victim.kill();

  const auto inbox = pw::open_inbox(url);
  std::promise<std::string> handled;
  const pw::Dispatcher dispatcher{
      [&](const pw::AnyPayload& payload, pw::Delivery&, pw::Known) { handled.set_value(*pw::body(payload)); }};
  const pw::Worker worker{*inbox, dispatcher};
  BOOST_TEST(handled.get_future().get() == body);
}

BOOST_AUTO_TEST_SUITE_END()
