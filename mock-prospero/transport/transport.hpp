// One attempt over the network: exactly one HTTPS POST at most, under one total deadline, and what became of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include "delivery/ports.hpp"
#include "transport/address_policy.hpp"
#include "transport/name_lookup.hpp"
#include "transport/push_fields.hpp"
#include "transport/url.hpp"

namespace mock::transport {

struct TransportOptions {
  UrlPolicy policy;                   ///< D6; judged again at each attempt, on every address of the name
  std::vector<std::string> ca_files;  ///< D7: PEM; these replace the system's roots
  bool keep_alive = false;            ///< use the connection of an answered attempt again, for the same URL
  std::size_t answer_bytes_kept = 0;  ///< of head and body of each answer, in AttemptResult::received
  /// Made by make_client_context(), instead of from `ca_files`: the system's roots take long to read.
  std::shared_ptr<boost::asio::ssl::context> roots = {};
  PushFields fields = {};  ///< D2
};

/// Delivers over HTTPS (plain HTTP where the policy allows it). Every attempt has its own connection and looks the name
/// up anew; all addresses are judged before the first connect; the request is written on one connection only;
/// redirects are not followed; proxy variables are ignored. An attempt takes at most 5 s on a monotonic clock, from
/// before the look-up to the last byte of the response (D4). Outcomes are those of delivery::Outcome; a URL that the
/// policy refuses is `refused_address`.
///
/// With keep_alive an attempt goes over an idle connection of the same URL if there is one, without a new look-up. One
/// that the consumer has closed meanwhile is dropped, nothing was sent on it, and the attempt connects anew: that is no
/// failure. Once a byte of the request is written the attempt stays on its connection: if that ends without a response
/// the attempt is `unreachable`, because the consumer may have got the push.
///
/// For the one thread that runs `io`; `io` and the look-up must outlive it. Callbacks come from `io`.
class HttpTransport : public delivery::Transport {
 public:
  /// Throws std::invalid_argument, with a line for people, if a CA file is no good.
  HttpTransport(boost::asio::io_context& io, NameLookup& lookup, TransportOptions options);
  ~HttpTransport() override;

  void post(delivery::Push push, Done done) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mock::transport
