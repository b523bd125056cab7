#include "cli/clock_beat.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace mock::cli {
namespace {

void beat(const std::stop_token& stop, engine::Engine& engine, std::chrono::milliseconds every) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  for (;;) {
    stopped.wait_for(lock, stop, every, [] { return false; });
    if (stop.stop_requested()) return;
    try {
      engine.call([] {});
    } catch (const engine::Stopped&) {
      return;
    }
  }
}

}  // namespace

ClockBeat::ClockBeat(engine::Engine& engine, std::chrono::milliseconds every)
    : thread_([&engine, every](const std::stop_token& stop) { beat(stop, engine, every); }) {}

}  // namespace mock::cli
