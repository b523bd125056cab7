// Keeps a fast clock in the store while nothing else is written, so that a restart finds it.
#pragma once

#include <chrono>
#include <thread>

#include "engine/engine.hpp"

namespace mock::cli {

/// Gives the engine a turn every `every` of real time, in which its Keeping may write. Must end before the engine does.
class ClockBeat {
 public:
  ClockBeat(engine::Engine& engine, std::chrono::milliseconds every);

 private:
  std::jthread thread_;  // its destructor asks it to stop, and waits
};

}  // namespace mock::cli
