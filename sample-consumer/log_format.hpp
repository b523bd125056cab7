// The form of the log on stderr.
#pragma once

#include <spdlog/formatter.h>

#include <memory>

#include "config.hpp"

namespace consumer {

/// text: "2026-11-24T06:31:33.123Z info message"; json: one object a line, {"time", "level", "message"}.
std::unique_ptr<spdlog::formatter> make_log_formatter(LogFormat format);

}  // namespace consumer
