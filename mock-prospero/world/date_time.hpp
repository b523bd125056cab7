// Date-times as Prospero's own data write them (T2). Our APIs write theirs with milliseconds.
#pragma once

#include <chrono>
#include <string>

namespace mock::world {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// `YYYY-MM-DDThh:mm:ssZ`; the fraction of the second is cut off (T2).
std::string date_time_text(Instant at);

/// `YYYY-MM-DDThh:mm:ss.mmmZ`: the times of the mock's own API; below a millisecond is cut off.
std::string milli_time_text(Instant at);

/// `YYYY-MM-DD`, a lone date (T2).
std::string date_text(Instant at);

/// `hh:mm:ss`, a lone time (T2).
std::string time_text(Instant at);

}  // namespace mock::world
