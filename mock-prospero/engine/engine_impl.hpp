// The engine's own thread and what belongs to it.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "delivery/virtual_time.hpp"
#include "engine/engine.hpp"
#include "engine/gate.hpp"
#include "engine/group_commit.hpp"
#include "transport/real_clock.hpp"

namespace mock::engine {

// Why changes cannot be made durable; empty: they are. A text and no exception: whoever waits makes that itself, so
// that no two threads share one.
using WhyNot = std::optional<std::string>;

// An advance that waits for its turn, or is under way.
struct Advance {
  std::optional<delivery::Duration> by;  // empty: to the next due instant
  std::promise<std::pair<Advanced, WhyNot>> done;
};

// What a call waits for. It is told when the turn in which it was made is durable, or why it cannot be.
using Answer = std::function<void(const WhyNot& why_not)>;

// What waits for the group that is being made durable.
struct Group {
  std::size_t held = 0;  // attempts of the gate
  std::size_t answers = 0;
  std::uint64_t starts = 0;  // of the sender, when it was collected
};

// Everything but `tasks`, `stopping` and the io_context belongs to the engine's thread. Members are destroyed from last
// to first: the sender before the transport that it uses, that before the io_context whose sockets it has.
struct Engine::Impl {
  Impl(EngineOptions options, const MakeTransport& make_transport, const MakeJournal& make_journal);
  void start_over();
  const delivery::Clock& clock() const;
  void run_tasks();
  void drive_soon();
  void turn();
  bool may_drive() const;
  void keep();
  void on_group(const WhyNot& why_not);
  void rest(const std::string& why);
  void release(std::size_t held, std::uint64_t starts);
  void drive();
  void give_up_advances(const std::string& why);
  void cut_advances_short();
  void say_not_kept(const std::string& why);
  void tell(std::size_t count, const WhyNot& why_not);
  void wait(delivery::Duration at_most);
  void drive_real();
  void drive_virtual();
  void finish_advance();
  void begin_advance();
  bool is_idle() const;
  void tell_idle();
  void stop();
  void send_all_away();

  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};

  std::mutex mutex;
  std::deque<std::function<void()>> tasks;  // under mutex
  bool stopping = false;                    // under mutex
  std::string not_kept;                     // under mutex; why changes cannot be made durable; empty if they can

  std::optional<delivery::VirtualClock> virtual_clock;
  transport::RealClock real_clock;
  std::unique_ptr<delivery::Transport> transport;
  Keeping* keeping;
  std::optional<GroupCommit> commit;
  std::optional<Gate> gate;
  std::optional<delivery::VirtualTime> virtual_time;
  transport::BootTimer timer{io};
  std::unique_ptr<delivery::Sender> sender;

  bool drive_posted = false;
  bool resting = false;  // the last group could not be made durable
  Group group;           // under way if `commit` says so
  std::uint64_t starts_sent = 0;
  delivery::Duration stood{};                      // how long the virtual clock stood still, in real time, for the disk
  std::optional<delivery::Duration> stands_since;  // monotonic
  std::function<void(const std::string&)> on_keeping;
  std::deque<Answer> answers;
  std::deque<std::shared_ptr<Advance>> advances;
  std::shared_ptr<Advance> advance;  // under way
  std::vector<std::shared_ptr<std::promise<void>>> idle_waiters;

  std::thread thread;

  delivery::SenderOptions sender_options;
  delivery::Journal* journal = nullptr;
};

}  // namespace mock::engine
