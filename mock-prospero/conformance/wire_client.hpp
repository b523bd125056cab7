// The wire on real sockets and real TLS.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "conformance/loop.hpp"
#include "conformance/wire.hpp"
#include "transport/transport.hpp"

namespace mock::conformance {

/// Blocking sockets under a deadline; for one thread. The process ignores SIGPIPE from then on. Addresses are judged by
/// the policy like the transport's.
class WireClient : public Wire {
 public:
  /// The name is looked up when the wire is first used; `lookup` and `loop`, which drives it, must outlive this. Throws
  /// std::invalid_argument, with a line for people, if the URL or a CA file is refused.
  WireClient(const std::string& url, transport::NameLookup& lookup, Loop& loop,
             const transport::TransportOptions& options);
  ~WireClient() override;

  WireSession exchange(const std::vector<WireRequest>& requests, TlsVersion version, bool resume) override;
  std::unique_ptr<HeldConnections> hold(std::size_t count, bool speaking) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::conformance
