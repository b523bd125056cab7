// The consumer as a whole: inbox, receiver, listener, worker and admin API, started and stopped in the right order.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "config.hpp"
#include "handlers.hpp"

namespace consumer {

/// Where it can be reached.
struct Ready {
  std::string url;        ///< complete with the secret path of the first hook
  std::string shown_url;  ///< the same; with a ready file the path is `***`
  std::string admin_url;  ///< empty without an admin API
};

class Service {
 public:
  /// Opens the inbox and serves: pushes are stored and answered from now on. Lines of handled pushes go to `sink`.
  /// Throws ConfigError, ListenError or InboxError, each with one line about what to change.
  Service(Config config, LineSink sink);
  /// stop() without a drain, then waits for the handlers that still run.
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  const Ready& ready() const noexcept;

  /// Starts to handle what is stored; apart from the constructor so that the ready line comes first.
  void start_handling();

  /// Uses the certificate and key files as they are now; when they cannot be used the log says so and the ones before
  /// stay. Thread-safe.
  void reload_certificate();

  /// Starts no further handler, asks the running ones to end, accepts no more, and answers what is in flight for at
  /// most `drain`. False when a handler still runs `handlers_max` after the call: it uses what would be destroyed, so
  /// all that is left to do is to end the process. Its push stays pending in the inbox.
  bool stop(std::chrono::milliseconds drain, std::chrono::milliseconds handlers_max);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace consumer
