// A commit and the deadline of its answer, or the end of the receiver, that come together.
#include "answer_deadlines.hpp"

#include <atomic>
#include <thread>

#include "fixture.hpp"
#include "passing_inbox.hpp"
#include "prospero/webhooks/receive/receiver.hpp"

using namespace receive_test;
using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(answers_given_once)

BOOST_AUTO_TEST_CASE(commit_and_deadline_at_the_same_moment_give_one_answer, *label("D4") * label("R3")) {
  constexpr int rounds = 10'000;
  std::atomic<int> given{0}, round{0}, done{0};
  std::shared_ptr<pw::WaitingAnswer> answer;
  std::thread deadline([&] {
    for (int r = 1; r <= rounds; ++r) {
      while (round.load(std::memory_order_acquire) < r) continue;
      answer->unstored("late");
      done.store(r, std::memory_order_release);
    }
  });
  for (int r = 1; r <= rounds; ++r) {
    answer = std::make_shared<pw::WaitingAnswer>([&given](const std::optional<std::string>&) { ++given; });
    round.store(r, std::memory_order_release);
    std::atomic<int> wait{r % 100};  // now before the deadline, now after it
    while (--wait > 0) continue;
    answer->stored();
    while (done.load(std::memory_order_acquire) < r) continue;
  }
  deadline.join();
  BOOST_TEST(given == rounds);
}

namespace {

// Commits from a thread of its own, about when the deadline is.
class LateInbox : public PassingInbox {
 public:
  using PassingInbox::PassingInbox;
  void store(pw::Arrival, Stored done) override {
    threads.emplace_back([done = std::move(done), n = threads.size()] {
      std::this_thread::sleep_for(std::chrono::microseconds{1'900 + 10 * (n % 30)});
      done({pw::StoreStatus::stored, 1, {}});
    });
  }
  std::vector<std::jthread> threads;
};

}  // namespace

BOOST_AUTO_TEST_CASE(commits_around_the_deadline_give_one_answer_each, *label("D4") * label("R3")) {
  constexpr int pushes = 200;
  const auto memory = pw::open_inbox("memory:");
  LateInbox inbox{*memory};
  pw::ReceiverOptions options;
  options.hooks = {{"/hook", ""}};
  options.store_wait_max = std::chrono::milliseconds{2};
  std::vector<std::atomic<int>> answers(pushes);
  {
    pw::Receiver receiver{inbox, options};
    for (auto& count : answers)
      receiver.receive({"POST", "/hook", "", "{}"}, [&count](const pw::Response&) { ++count; });
    inbox.threads.clear();
  }
  for (const auto& count : answers) BOOST_TEST(count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
