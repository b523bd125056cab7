// How a run of the conformance suite reaches the consumer: over the real network, as the flags allow it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "cli/conform_flags.hpp"
#include "cli/network_transport.hpp"
#include "conformance/asio_loop.hpp"
#include "conformance/run.hpp"
#include "conformance/wire_client.hpp"

namespace mock::cli {

/// Puts the consumer at `url` into the plan. Throws std::invalid_argument, in one line, for a URL that the policy
/// refuses.
void set_target(conformance::Plan& plan, const std::string& url, const ConformFlags& flags);

/// Without a URL: the consumer that the flags let one expect, which `assumed_target` tells in words.
void assume_target(conformance::Plan& plan, const ConformFlags& flags);
std::string assumed_target(const ConformFlags& flags);

/// For one run, on the thread that made it.
class ConformNetwork {
 public:
  /// Throws std::invalid_argument, in one line, for a bad value of a flag. `interrupted` is asked every 50 ms at least.
  ConformNetwork(const std::string& url, const NetworkFlags& flags, conformance::AsioLoop::Interrupted interrupted);

  conformance::Access access() { return {transport_, loop_, wire_, nullptr, nullptr}; }
  transport::NameLookup& lookup() noexcept { return transport_.lookup(); }
  conformance::Loop& loop() noexcept { return loop_; }

 private:
  boost::asio::io_context io_;
  NetworkTransport transport_;
  conformance::AsioLoop loop_;
  conformance::WireClient wire_;
};

}  // namespace mock::cli
