// From the network flags to what reaches a consumer.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "cli/network_flags.hpp"
#include "delivery/ports.hpp"
#include "transport/name_lookup.hpp"
#include "transport/transport.hpp"

namespace mock::cli {

/// Throws std::invalid_argument, naming the flag, for a value of --allow-net that is no range.
transport::UrlPolicy url_policy(const NetworkFlags& flags);

/// What --ca names, or the system's roots: for many transports with the same flags.
using Roots = std::shared_ptr<boost::asio::ssl::context>;
Roots read_roots(const NetworkFlags& flags);

/// A transport over HTTPS together with its name look-up. Same thread rules as HttpTransport.
class NetworkTransport final : public delivery::Transport {
 public:
  /// Throws std::invalid_argument, naming the flag, for a bad value of --dns, --allow-net or --ca.
  /// `answer_bytes_kept`: see transport::TransportOptions.
  NetworkTransport(boost::asio::io_context& io, const NetworkFlags& flags, std::size_t answer_bytes_kept = 0,
                   Roots roots = {});

  void post(delivery::Push push, Done done) override { http_.post(std::move(push), std::move(done)); }
  transport::NameLookup& lookup() noexcept { return *lookup_; }

 private:
  std::unique_ptr<transport::NameLookup> lookup_;
  transport::HttpTransport http_;
};

}  // namespace mock::cli
