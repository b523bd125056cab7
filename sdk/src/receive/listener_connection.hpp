// One connection: TLS session, requests one after the other, answers in order, each phase under its deadline.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "body_room.hpp"
#include "listener_loop.hpp"
#include "listener_reader.hpp"
#include "listener_registry.hpp"
#include "listener_tls.hpp"

namespace prospero::webhooks::detail {

namespace asio = boost::asio;

/// What the connections of one listener share; outlives them.
struct Shared {
  Receiver& receiver;
  const ListenerOptions& options;
  Registry registry;
  BodyRoom body_room;
};

/// All private members run on the one thread of the socket's loop. Alive while an operation is pending.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = asio::ip::tcp::socket;

  /// `loop` is the socket's. `tls` null: plain HTTP. The session keeps what it needs of it.
  Connection(Shared& shared, Loop& loop, Socket socket, SSL_CTX* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();   ///< once, right after it was made
  void drain();   ///< from any thread: closes unless a request or a handshake is under way
  void evict();   ///< from any thread: closes unless its push is being stored or answered by now
  void cancel();  ///< from any thread: closes

 private:
  enum class Phase { handshake, first_head, waiting, head, body, storing, answering, leaving, closed };
  /// Where the answer of the Receiver goes, from whatever thread; emptied before the connection ends.
  struct Mailbox;

  void handshake();
  void enter(Phase phase, std::chrono::steady_clock::time_point deadline);
  void enter(Phase phase, std::chrono::milliseconds limit);
  void run_timer();
  void on_deadline();
  void expect_request();
  void begin_request();
  void read();
  bool keep_read(std::size_t size);
  void keep_little();
  void on_read(const boost::system::error_code& error, std::size_t size);
  void advance();
  void read_on();
  void refuse(const Response& refusal);
  void refuse_for_now(const std::string& reason);
  void on_head();
  void store();
  void answer(const Response& response, bool close_after);
  void on_answered(int status, bool last);
  void leave();
  void discard();
  void close();
  bool nothing_received() const;

  template <class Handler>
  void write(std::string_view bytes, Handler handler);  ///< `bytes` outlives the write

  Shared& shared_;
  Loop& loop_;
  Registry::Id id_ = 0;
  Socket socket_;
  std::optional<TlsSession> tls_;
  asio::steady_timer timer_;
  bool timer_runs_ = false;
  std::chrono::steady_clock::time_point deadline_;  ///< of the phase
  Phase phase_ = Phase::handshake;
  std::chrono::steady_clock::time_point request_began_, request_deadline_;
  bool push_ = false;  ///< the request was given to the receiver to store
  std::string buffer_;
  RequestReader reader_;
  BodyShare share_;
  std::shared_ptr<Mailbox> mailbox_;
  std::string out_;
};

}  // namespace prospero::webhooks::detail
