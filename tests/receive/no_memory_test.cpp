// Memory that is not there: one `operator new` after the other fails on a thread of the test's choice.
#include <prospero/webhooks/receive/worker.hpp>

#include <atomic>
#include <cstdlib>
#include <deque>
#include <new>
#include <thread>

#include "fixture.hpp"
#include "passing_inbox.hpp"
#include "record.hpp"

using namespace receive_test;
using std::chrono::milliseconds;

namespace {

constexpr long never = -1;
thread_local long until_failure = never;  // allocations of this thread that still succeed before one fails
thread_local std::atomic<bool>* failed = nullptr;

void fail_after(long count, std::atomic<bool>* told) {
  until_failure = count;
  failed = told;
}

// Of a size for which every text of it is on the heap.
pw::Arrival push(const std::string& note) {
  const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";
  return arrival(R"({"event":"invoice.updated","data":{"id":")" + id + R"(","note":")" + note + R"("}})", id,
                 "a hook with a label that is on the heap");
}

// Arms the thread that takes the first arrival.
struct ArmingInbox : PassingInbox {
  ArmingInbox(pw::Inbox& to, long after) : PassingInbox(to), fails_after(after) {}
  std::optional<pw::PendingArrival> take(pw::InboxTime now) override {
    if (!armed.exchange(true)) fail_after(fails_after, &memory_failed);
    return PassingInbox::take(now);
  }
  const long fails_after;
  std::atomic<bool> armed{false}, memory_failed{false};
};

// A worker with two pushes of one entity, whose thread meets a failure.
class Trial {
 public:
  explicit Trial(long fails_after) : inbox_(*memory_, fails_after) {
    for (const char* note : {"first", "second"}) store(inbox_, push(note));
    pw::WorkerOptions options;
    options.threads = 1;
    options.backoff_min = options.backoff_max = milliseconds{0};
    options.on_trouble = [](const std::string&) {};
    worker_.emplace(inbox_, dispatcher_, options);
  }
  bool met_failure() const { return inbox_.memory_failed; }
  std::size_t pending() { return memory_->counts().pending; }
  std::size_t calls() const { return calls_; }
  std::size_t parked() const { return worker_->parked(); }

 private:
  std::unique_ptr<pw::Inbox> memory_ = pw::open_inbox("memory:");
  ArmingInbox inbox_;
  std::atomic<std::size_t> calls_{0};
  const pw::Dispatcher dispatcher_{[this](const pw::AnyPayload&, pw::Delivery&, pw::Known) { ++calls_; }};
  std::optional<pw::Worker> worker_;
};

bool within_30_s(const auto& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

// Not inlined: else g++ sees free() undo what it knows as `new`, and warns.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (until_failure >= 0 && until_failure-- == 0) {
    *failed = true;
    throw std::bad_alloc{};
  }
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

BOOST_AUTO_TEST_SUITE(no_memory)

BOOST_AUTO_TEST_CASE(worker_without_memory_at_any_place_settles_the_row_later_with_one_call_of_its_handler) {
  constexpr long places = 64;  // more than there are
  std::deque<Trial> trials;
  for (long n = 0; n < places; ++n) trials.emplace_back(n);
  std::size_t failures = 0;
  for (std::size_t n = 0; n < trials.size(); ++n) BOOST_TEST_CONTEXT("allocation " << n) {
      Trial& trial = trials[n];
      BOOST_TEST(within_30_s([&] { return trial.pending() == 0; }));
      BOOST_TEST(trial.calls() == 2u);
      BOOST_TEST(trial.parked() == 0u);
      failures += trial.met_failure();
    }
  BOOST_TEST(failures > 10u);
  BOOST_TEST(failures < trials.size());
}

BOOST_AUTO_TEST_CASE(push_that_could_not_be_queued_for_want_of_memory_counts_as_none_that_waits) {
  const auto inbox = pw::open_inbox("memory:");
  std::size_t failures = 0;
  for (long n = 0; n < 64; ++n) {
    pw::Arrival one = push(std::to_string(n));
    std::atomic<bool> refused{false};
    std::atomic<int> done{0};
    const pw::Inbox::Stored count = [&done](const pw::StoreResult&) { ++done; };
    fail_after(n, &refused);
    try {
      inbox->store(std::move(one), count);
    } catch (const std::bad_alloc&) {
      done = 1;
    }
    fail_after(never, nullptr);
    BOOST_TEST_REQUIRE(within_30_s([&] { return done == 1; }));
    failures += refused;
  }
  BOOST_TEST(failures > 0u);
  BOOST_TEST(inbox->counts().waiting_for_disk == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
