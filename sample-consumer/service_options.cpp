#include "service_options.hpp"

#include <fmt/format.h>

#include "handlers.hpp"
#include "inbox_json.hpp"
#include "secret_file.hpp"

namespace consumer {

namespace pw = prospero::webhooks;

namespace {

void log_certificate(const std::string& error) {
  if (error.empty())
    spdlog::info("new connections get the new certificate");
  else
    spdlog::error("the new certificate is not used, the one before stays: {}", error);
}

/// Under the reason as cause, so that many rows of one trouble are one line.
void tell_row(LogThrottle& log, const pw::InboxRow& row, const std::string& what) {
  const std::string why = printable(row.error);
  log.tell(fmt::format("{}: {}", what, why),
           fmt::format("inbox row {}: {} (try {}): {}", row.seq, what, row.tries, why));
}

void log_row(const pw::InboxRow& row, Throttles& log) {
  switch (row.state) {
    case pw::InboxState::pending:
      return tell_row(log.warnings, row, "handler failed");
    case pw::InboxState::dead:
      return tell_row(log.errors, row, "given up, a dead letter");
    case pw::InboxState::quarantined:
      return tell_row(log.warnings, row, "kept aside");
    case pw::InboxState::processed:
    case pw::InboxState::copy:
      return;
  }
}

}  // namespace

pw::InboxOptions inbox_options(const Config& config) {
  pw::InboxOptions options;
  options.queue_count_max = config.queue_count_max;
  options.retention = config.retention;
  options.size_bytes_max = config.inbox_bytes_max;
  for (const pw::Hook& hook : config.hooks) options.sources.push_back(hook.label);
  if (options.sources.empty()) options.sources.emplace_back();  // the path that is kept beside the inbox
  if (config.expect_push_every.count() > 0) options.gap_rules.silence_max = config.expect_push_every;
  options.on_alarm = [](const std::string& what) { spdlog::warn("{}", what); };
  return options;
}

pw::ReceiverOptions receiver_options(const Config& config, Throttles& log) {
  pw::ReceiverOptions options;
  options.hooks = config.hooks;
  if (options.hooks.empty()) options.hooks.push_back({kept_hook_path(config.inbox_url), ""});
  options.body_bytes_max = config.body_bytes_max;
  options.store_wait_max = config.commit_budget;
  options.on_unstored = [&log](const std::string& reason) { log.errors.tell("a push was answered 503: " + reason); };
  options.on_too_large = [&log, max = config.body_bytes_max] {
    log.errors.tell(
        fmt::format("a push was answered 413: its body is over {} bytes; --body-max takes a larger one", max));
  };
  options.on_kept_aside = [&log](const std::string& reason) {
    const std::string what = "a push was answered 200 and kept aside, no handler will see it";
    log.warnings.tell(what, what + ": " + printable(reason));
  };
  options.on_from_future = [&log](std::uint64_t seq, const std::string& family) {
    const std::string what =
        "the lastUpdatedAt of a push lies over 5 min ahead of this clock: until then whatever else comes of its entity "
        "is stale; see whether the clock is right, and what to do under PushesFromFuture in docs/operations.md";
    log.warnings.tell(what, fmt::format("inbox row {} ({}): {}", seq, family, what));
  };
  return options;
}

pw::ListenerOptions listener_options(const Config& config) {
  pw::ListenerOptions options;
  options.address = config.listen.address;
  options.port = config.listen.port;
  options.certificate_file = config.certificate_file;
  options.key_file = config.key_file;
  options.peers = config.trusted_proxies;
  options.on_certificate = log_certificate;
  return options;
}

pw::WorkerOptions worker_options(const Config& config, HandledCounts& counts, Throttles& log) {
  pw::WorkerOptions options;
  options.threads = config.workers;
  options.tries_max = config.tries_max;
  options.on_handled = [&counts, &log](const pw::InboxRow& row) {
    counts.settled(row);
    log_row(row, log);
  };
  options.on_trouble = [&log](const std::string& what) { log.errors.tell("inbox: " + what); };
  options.handler_time_max = config.handler_time_max;
  options.on_gap = [](const pw::Gap& gap) { spdlog::warn("{}", log_line(gap)); };
  return options;
}

}  // namespace consumer
