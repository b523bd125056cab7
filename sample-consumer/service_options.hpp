// What the parts of the SDK are told to do, and how what they tell goes to the log.
#pragma once

#include <spdlog/spdlog.h>

#include <chrono>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <prospero/webhooks/receive/worker.hpp>
#include <string>

#include "config.hpp"
#include "log_throttle.hpp"
#include "metrics.hpp"

namespace consumer {

/// What comes once per push in bad times.
struct Throttles {
  LogThrottle errors{std::chrono::seconds{10}, [](const std::string& line) { spdlog::error("{}", line); }};
  LogThrottle warnings{std::chrono::seconds{10}, [](const std::string& line) { spdlog::warn("{}", line); }};

  void flush() {
    errors.flush();
    warnings.flush();
  }
};

prospero::webhooks::InboxOptions inbox_options(const Config& config);
/// `log` outlives what is made with them, as `counts` does.
prospero::webhooks::ReceiverOptions receiver_options(const Config& config, Throttles& log);
prospero::webhooks::ListenerOptions listener_options(const Config& config);
prospero::webhooks::WorkerOptions worker_options(const Config& config, HandledCounts& counts, Throttles& log);

}  // namespace consumer
