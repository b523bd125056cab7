// One attempt under way: the phases in their order, the deadline over all of them, the outcome.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ssl/context.hpp>

#include "delivery/ports.hpp"
#include "transport/connector.hpp"
#include "transport/deadlines.hpp"
#include "transport/idle_connections.hpp"
#include "transport/name_lookup.hpp"
#include "transport/push_fields.hpp"
#include "transport/response_reader.hpp"
#include "transport/reused.hpp"
#include "transport/stream.hpp"
#include "transport/url.hpp"

namespace mock::transport {

/// What all attempts of a transport share.
struct AttemptContext {
  boost::asio::io_context& io;
  NameLookup& lookup;
  UrlPolicy policy;
  std::shared_ptr<boost::asio::ssl::context> tls;
  PushFields fields = {};
  std::size_t answer_bytes_kept = 0;
  IdleConnections* idle = nullptr;  ///< null: every attempt has a connection of its own
  JudgedUrls urls = {};
  ReadBuffers buffers = {};
  Deadlines deadlines{io};
};

/// Owned by its own handlers until it ends; then `done` is called once. The context must live until then, or until
/// abandon().
class HttpAttempt final : public HasDeadline, public std::enable_shared_from_this<HttpAttempt> {
 public:
  using Done = std::function<void(delivery::AttemptResult)>;
  HttpAttempt(AttemptContext& context, delivery::Push push, Done done);

  void start();
  void abandon();  ///< ends it without calling `done`
  void on_deadline() override;

 private:
  using Steady = std::chrono::steady_clock;
  using Phase = std::optional<delivery::Duration> delivery::Phases::*;

  void limit(Steady::time_point from);  ///< sets the deadline of D4
  void forget_limit();
  bool reuse_connection();
  void look_up();
  void on_addresses(LookupResult found);
  void connect(const std::vector<Address>& addresses);
  void on_connected(Tcp::socket socket, const std::vector<Connector::Failure>& failures);
  void on_handshake(boost::system::error_code error);
  void exchange();
  void on_written(boost::system::error_code error);
  void read();
  void on_read(boost::system::error_code error, std::size_t size);
  void keep_received(std::string_view bytes);
  void judge_response();
  void hold_back(const std::string& why);

  void enter(Phase phase);
  void leave_phase(Steady::time_point now);
  void finish(delivery::Outcome outcome, std::string detail);
  void keep_connection();
  void release(bool in_order);
  std::string timeout_text() const;
  bool over() const { return !done_; }

  AttemptContext& context_;
  delivery::Push push_;
  Done done_;
  Steady::time_point started_at_;
  std::optional<Deadlines::Place> deadline_;

  std::optional<boost::asio::steady_timer> rest_;  ///< before an attempt that was held back ends

  std::shared_ptr<const WebhookUrl> url_;
  std::unique_ptr<PendingLookup> lookup_;
  std::unique_ptr<Connector> connector_;
  std::shared_ptr<Stream> stream_;
  std::string request_;
  bool writing_ = false;
  bool reading_ = false;
  bool reused_ = false;  ///< the connection stood before this attempt
  ResponseReader response_;
  ReadBuffers::Buffer buffer_;

  Phase phase_ = nullptr;
  Steady::time_point phase_since_;
  delivery::AttemptResult result_;
};

}  // namespace mock::transport
