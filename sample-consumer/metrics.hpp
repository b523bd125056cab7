// The figures that the consumer is watched with, in the text format of Prometheus. docs/operations.md says what each
// means.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/metrics.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <string>
#include <utility>
#include <vector>

namespace consumer {

/// Thread-safe.
class HandledCounts {
 public:
  /// {"processed", "fresh"} and the like; the second is empty when there is no verdict.
  using Kind = std::pair<std::string, std::string>;

  void settled(const prospero::webhooks::InboxRow& row);
  void took(std::chrono::duration<double> time);

  std::map<Kind, std::uint64_t> by_kind() const;
  prospero::webhooks::Histogram seconds() const;

 private:
  mutable std::mutex mutex_;
  std::map<Kind, std::uint64_t> by_kind_;
  prospero::webhooks::Histogram seconds_ = prospero::webhooks::seconds_histogram();
};

/// How long the webhook of one path has been silent.
struct SilenceFigures {
  double seconds = 0;  ///< since its last push; since the start if there never was one
  bool alarm = false;
};

/// All of it at one moment.
struct Figures {
  prospero::webhooks::ListenerCounters listener;
  prospero::webhooks::ReceiverCounters receiver;
  std::optional<prospero::webhooks::InboxCounts> inbox;  ///< nothing when it cannot be read now
  std::vector<prospero::webhooks::Gap> gaps;             ///< that are still on record; with `inbox` only
  std::uint64_t inbox_bytes_max = 0;                     ///< 0: no cap
  std::uint64_t quarantine_bytes_max = 0;
  std::map<HandledCounts::Kind, std::uint64_t> handled;
  prospero::webhooks::Histogram handler_seconds;
  std::optional<std::uint64_t> disk_free_bytes;   ///< nothing for an inbox in memory
  std::map<std::string, SilenceFigures> silence;  ///< by label
  std::chrono::system_clock::time_point now;
};

/// The body of `/metrics`.
std::string to_prometheus(const Figures& figures);

}  // namespace consumer
