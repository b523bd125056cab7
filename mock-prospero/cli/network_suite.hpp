// The conformance suite as `mock-prospero serve` runs it: the same run as `mock-prospero conform` makes of the same
// flags.
#pragma once

#include "api/suite.hpp"
#include "cli/network_flags.hpp"

namespace mock::cli {

/// Thread-safe.
class NetworkSuite final : public api::Suite {
 public:
  /// `flags` are those of the server. Each push has a connection of its own, whatever --keep-alive says.
  explicit NetworkSuite(NetworkFlags flags);

  api::PreparedRun prepare(const api::SuiteWish& wish) const override;
  conformance::Report run(const conformance::Plan& plan, const conformance::Progress& progress,
                          const std::function<bool()>& interrupted) const override;

 private:
  NetworkFlags flags_;
};

}  // namespace mock::cli
