#include "engine/engine.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <future>
#include <thread>
#include <vector>

namespace asio = boost::asio;
using boost::unit_test::label;
using namespace mock;
using namespace std::chrono_literals;
using delivery::Outcome;
using engine::Engine;

namespace {

constexpr delivery::Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

// Answers every attempt with the next outcome of the script, and then for ever with the last one; or never.
class ScriptedTransport final : public delivery::Transport {
 public:
  ScriptedTransport(asio::io_context& io, std::vector<Outcome> script, bool silent)
      : io_(io), script_(std::move(script)), silent_(silent) {}

  void post(delivery::Push, Done done) override {
    const auto outcome = script_[std::min(next_++, script_.size() - 1)];
    if (silent_) return unanswered_.push_back(std::move(done));
    asio::post(io_, [done = std::move(done), outcome] {
      delivery::AttemptResult result;
      result.outcome = outcome;
      result.took = 1ms;
      done(result);
    });
  }

 private:
  asio::io_context& io_;
  std::vector<Outcome> script_;
  bool silent_;
  std::size_t next_ = 0;
  std::vector<Done> unanswered_;
};

struct Journal final : delivery::Journal {
  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override {
    ++changes;
    if (on_change) on_change(delivery);
  }
  void webhook_changed(const delivery::WebhookId&) override {}
  int changes = 0;
  std::function<void(const delivery::Delivery&)> on_change;  // on the engine's thread
};

struct Stage {
  Journal journal;
  Engine engine;

  explicit Stage(std::vector<Outcome> script, engine::EngineOptions options = virtual_time(), bool silent = false)
      : engine(
            std::move(options),
            [&](asio::io_context& io) { return std::make_unique<ScriptedTransport>(io, std::move(script), silent); },
            [&](const delivery::Clock&) -> delivery::Journal& { return journal; }) {}

  static engine::EngineOptions virtual_time() {
    engine::EngineOptions options;
    options.virtual_clock = true;
    options.virtual_start = noon;
    return options;
  }

  void push(const std::string& id = "d1") {
    engine.call([&] {
      if (id == "d1") engine.sender().add_webhook("w1", "https://a.example/");
      engine.sender().enqueue({id, "w1", "offer.created", {}, std::make_shared<const std::string>("{}"), {}});
    });
  }

  delivery::Delivery delivery(const std::string& id = "d1") {
    return engine.call([&] { return *engine.sender().find(id); });
  }
};

// Keeps what a Stage's journal is told of. `on_write` runs on the thread that writes, and may throw.
struct Disk final : engine::Keeping {
  Write collect() override {
    if (told == kept) return {};
    collected = told;
    return [this] {
      ++writes;
      if (on_write) on_write();
    };
  }
  void settle(bool was_kept) override {
    if (was_kept) kept = collected;
  }
  std::uint64_t changes() const override { return told; }

  std::uint64_t told = 0, collected = 0, kept = 0;  // the engine's thread's
  std::atomic<int> writes = 0;
  std::function<void()> on_write;
};

// Holds up the first write of the disk.
struct HeldWrite {
  explicit HeldWrite(Disk& disk) {
    disk.on_write = [&] {
      if (disk.writes > 1) return;
      begun.set_value();
      go_on.get_future().wait();
    };
  }
  std::promise<void> begun, go_on;
};

engine::EngineOptions with(Disk& disk) {
  engine::EngineOptions options;
  options.keeping = &disk;
  return options;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(engine_suite)

BOOST_AUTO_TEST_CASE(first_attempt_is_made_without_an_advance) {
  Stage stage{{Outcome::ok}};
  stage.push();
  BOOST_TEST(stage.engine.wait_idle(10s));
  BOOST_TEST((stage.delivery().state == delivery::State::delivered));
  BOOST_TEST((stage.delivery().attempts.at(0).started_at == noon));
}

BOOST_AUTO_TEST_CASE(advance_makes_every_attempt_that_falls_due_on_the_way, *label("G6") * label("R1") * label("R2")) {
  Stage stage{{Outcome::bad_status}};
  stage.push();
  const auto first = stage.engine.advance_by(60s);
  BOOST_TEST(first.attempts == 1U);
  BOOST_TEST(stage.delivery().attempts.size() == 2U);
  const auto rest = stage.engine.advance_by(8h);
  BOOST_TEST(rest.attempts == 2U);
  BOOST_TEST((rest.now == first.now + 8h));
  BOOST_TEST((stage.delivery().state == delivery::State::abandoned));
}

BOOST_AUTO_TEST_CASE(advance_to_next_stops_at_each_due_instant, *label("G6")) {
  Stage stage{{Outcome::bad_status, Outcome::bad_status, Outcome::ok}};
  stage.push();
  BOOST_TEST(stage.engine.wait_idle(10s));
  BOOST_TEST(stage.engine.advance_to_next().attempts == 1U);
  BOOST_TEST(stage.engine.advance_to_next().attempts == 1U);
  BOOST_TEST(stage.engine.advance_to_next().attempts == 0U);
  BOOST_TEST((stage.delivery().state == delivery::State::delivered));
}

BOOST_AUTO_TEST_CASE(concurrent_advances_queue, *label("G6")) {
  Stage stage{{Outcome::bad_status}};
  stage.push();
  std::vector<std::thread> threads;
  for (int n = 0; n < 8; ++n) threads.emplace_back([&] { stage.engine.advance_by(1h); });
  for (auto& thread : threads) thread.join();
  BOOST_TEST((stage.engine.advance_by(0s).now >= noon + 8h));
  BOOST_TEST(stage.delivery().attempts.size() == 4U);
}

BOOST_AUTO_TEST_CASE(real_clock_waits_for_the_retry_and_refuses_to_advance, *label("G7") * label("R1")) {
  engine::EngineOptions options;
  options.sender.retry_delays = {20ms, 20ms, 20ms};
  Stage stage{{Outcome::bad_status, Outcome::ok}, options};
  BOOST_CHECK_THROW(stage.engine.advance_by(1s), std::logic_error);
  BOOST_CHECK_THROW(stage.engine.advance_to_next(), std::logic_error);
  stage.push();
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (stage.delivery().state == delivery::State::pending && std::chrono::steady_clock::now() < limit) {
    stage.engine.wait_idle(1s);
  }
  const auto delivery = stage.delivery();
  BOOST_TEST((delivery.state == delivery::State::delivered));
  BOOST_TEST((delivery.attempts.at(1).started_at - *delivery.attempts.at(0).ended_at >= 20ms));
}

BOOST_AUTO_TEST_CASE(real_clock_comes_back_for_a_retry_by_itself, *label("G7") * label("R1")) {
  engine::EngineOptions options;
  options.sender.retry_delays = {20ms};
  Stage stage{{Outcome::bad_status, Outcome::ok}, options};
  std::promise<void> delivered;
  stage.journal.on_change = [&](const delivery::Delivery& delivery) {
    if (delivery.state == delivery::State::delivered) delivered.set_value();
  };
  stage.push();  // the last call to the engine until it has delivered
  BOOST_TEST((delivered.get_future().wait_for(10s) == std::future_status::ready));
  stage.engine.stop();
}

BOOST_AUTO_TEST_CASE(call_hands_back_results_and_exceptions) {
  Stage stage{{Outcome::ok}};
  BOOST_TEST(stage.engine.call([] { return 7; }) == 7);
  BOOST_CHECK_THROW(stage.engine.call([]() -> int { throw std::out_of_range{"x"}; }), std::out_of_range);
  BOOST_TEST((stage.engine.call([&] { return stage.engine.clock().now(); }) == noon));
}

BOOST_AUTO_TEST_CASE(idle_wait_ends_at_its_timeout_while_something_is_in_flight) {
  Stage stage{{Outcome::ok}, Stage::virtual_time(), true};
  BOOST_TEST(stage.engine.wait_idle(10s));
  stage.push();
  BOOST_TEST(!stage.engine.wait_idle(10ms));
}

BOOST_AUTO_TEST_CASE(stopping_wakes_everyone_who_waits) {
  Stage stage{{Outcome::ok}, Stage::virtual_time(), true};
  stage.push();
  auto advancing = std::async(std::launch::async, [&] { stage.engine.advance_by(1h); });
  auto idling = std::async(std::launch::async, [&] { stage.engine.wait_idle(1h); });
  stage.engine.call([] {});
  stage.engine.stop();
  BOOST_CHECK_THROW(advancing.get(), engine::Stopped);
  BOOST_CHECK_THROW(idling.get(), engine::Stopped);
  BOOST_CHECK_THROW(stage.engine.call([] {}), engine::Stopped);
  stage.engine.stop();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keeping)

BOOST_AUTO_TEST_CASE(an_attempt_that_was_held_back_begins_when_it_is_sent, *label("D4") * label("G5")) {
  Disk disk;
  std::atomic<bool> full = false;
  disk.on_write = [&] {
    if (full) throw std::runtime_error{"no space"};
  };
  std::vector<std::string> told;
  std::promise<void> rests;
  auto options = with(disk);
  options.on_keeping = [&](const std::string& why) {
    told.push_back(why);
    if (told.size() == 1) rests.set_value();
  };
  Stage stage{{Outcome::ok}, options};
  stage.journal.on_change = [&, starts = 0](const delivery::Delivery& changed) mutable {
    ++disk.told;
    if (!changed.attempts.empty() && ++starts == 1) full = true;
  };
  BOOST_CHECK_THROW(stage.push(), engine::NotKept);
  rests.get_future().wait();
  const auto held = stage.delivery().attempts.at(0).started_at;
  full = false;
  BOOST_TEST(stage.engine.wait_idle(10s));
  const auto attempt = stage.delivery().attempts.at(0);
  BOOST_TEST((attempt.started_at > held));
  BOOST_TEST((*attempt.ended_at - attempt.started_at == 1ms));
  stage.engine.stop();
  BOOST_TEST(told == (std::vector<std::string>{"no space", ""}), boost::test_tools::per_element());
}

// The disk is held up in its first group; meanwhile a second delivery is made.
BOOST_AUTO_TEST_CASE(while_a_group_is_written_the_next_one_collects_and_nothing_leaves, *label("G5")) {
  Disk disk;
  HeldWrite held{disk};
  Stage stage{{Outcome::ok}, with(disk)};
  std::promise<void> second_made;
  std::atomic<int> ended = 0;
  stage.journal.on_change = [&](const delivery::Delivery& changed) {
    ++disk.told;
    if (changed.id == "d2" && changed.attempts.empty()) second_made.set_value();
    if (changed.state == delivery::State::delivered) ++ended;
  };
  auto first = std::async(std::launch::async, [&] { stage.push("d1"); });
  held.begun.get_future().wait();
  auto second = std::async(std::launch::async, [&] { stage.push("d2"); });
  second_made.get_future().wait();
  BOOST_TEST((first.wait_for(20ms) == std::future_status::timeout));
  BOOST_TEST((second.wait_for(0ms) == std::future_status::timeout));
  BOOST_TEST(ended == 0);
  held.go_on.set_value();
  first.get();
  second.get();
  BOOST_TEST(disk.writes >= 2);
  BOOST_TEST(stage.engine.wait_idle(10s));
  BOOST_TEST(ended == 2);
}

BOOST_AUTO_TEST_CASE(stopping_keeps_what_changed_while_the_disk_was_busy, *label("G5")) {
  Disk disk;
  HeldWrite held{disk};
  Stage stage{{Outcome::ok}, with(disk), true};
  std::promise<void> second_made;
  stage.journal.on_change = [&](const delivery::Delivery& changed) {
    ++disk.told;
    if (changed.id == "d2" && changed.attempts.empty()) second_made.set_value();
  };
  const auto push = [&](const char* id) {  // which may come to its end before the stop
    try {
      stage.push(id);
    } catch (const engine::Stopped&) {
    }
  };
  auto first = std::async(std::launch::async, push, "d1");
  held.begun.get_future().wait();
  auto second = std::async(std::launch::async, push, "d2");
  second_made.get_future().wait();
  auto stopping = std::async(std::launch::async, [&] { stage.engine.stop(); });
  BOOST_CHECK_THROW(while (true) stage.engine.wait_idle(0ms), engine::Stopped);
  held.go_on.set_value();
  stopping.get();
  BOOST_TEST(disk.kept == disk.told);
}

// A retry falls due 400 ms after the start of an attempt that waits 500 ms for the disk and then takes 1 ms.
BOOST_AUTO_TEST_CASE(on_the_virtual_clock_waiting_for_the_disk_is_part_of_no_attempt, *label("G6")) {
  Disk disk;
  auto options = with(disk);
  options.virtual_clock = true;
  options.virtual_start = noon;
  options.sender.retry_delays = {400ms};
  Stage stage{{Outcome::bad_status, Outcome::ok}, options};
  std::promise<void> begun;
  stage.journal.on_change = [&](const delivery::Delivery&) { ++disk.told; };
  stage.push("d1");
  BOOST_TEST(stage.engine.wait_idle(10s));
  disk.on_write = [&, slow = true]() mutable {
    if (!std::exchange(slow, false)) return;
    begun.set_value();
    std::this_thread::sleep_for(500ms);
  };
  auto pushing = std::async(std::launch::async, [&] { stage.push("d2"); });
  begun.get_future().wait();
  stage.engine.advance_by(1h);
  pushing.get();
  const auto attempt = stage.delivery("d2").attempts.at(0);
  BOOST_TEST((*attempt.ended_at - attempt.started_at == 1ms));
  BOOST_TEST((stage.delivery("d1").attempts.at(1).started_at == noon + 401ms));
}

BOOST_AUTO_TEST_SUITE_END()
