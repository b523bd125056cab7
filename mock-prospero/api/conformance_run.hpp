// One run of the conformance suite against a webhook, and what callers see of it.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "api/suite.hpp"
#include "conformance/report.hpp"
#include "delivery/types.hpp"

namespace mock::api {

enum class RunState : std::uint8_t {
  running,
  finished,
  stopped,  ///< by a caller, or by the end of the server
  failed,   ///< the suite itself could not go on
};
std::string_view to_text(RunState state);

/// `state`, `ended_at`, `done`, `report` and `error` change while it runs: whoever shares it guards them.
struct ConformanceRun {
  ConformanceRun(std::string id_, std::string webhook_id_, PreparedRun prepared_, delivery::Instant started_at_);

  const std::string id, webhook_id;
  const PreparedRun prepared;
  const delivery::Instant started_at;  ///< of the wall clock, as every time of a run
  std::atomic<bool> stop_wished = false;

  RunState state = RunState::running;
  std::optional<delivery::Instant> ended_at{};
  std::size_t done = 0;        ///< cases that the run has come to; a stopped one reports the others too, as skipped
  conformance::Report report;  ///< of what is known so far
  std::optional<std::string> error{};  ///< one line: why nothing, or not everything, could be judged
  std::thread thread{};
};

/// The result of the next case is known.
void note(ConformanceRun& run, const conformance::CaseResult& result);
/// The run came to its end with that report.
void finish(ConformanceRun& run, conformance::Report report, delivery::Instant at);
/// The suite could not go on.
void fail(ConformanceRun& run, const std::string& why, delivery::Instant at);

/// What lists and the change feed show: everything but the report.
boost::json::object run_json(const ConformanceRun& run);
/// That, `report`: the JSON report of docs/conformance.md, and `words`: what the HTML report says of it.
boost::json::object run_with_report_json(const ConformanceRun& run);

}  // namespace mock::api
