#include "listener_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <ctime>
#include <exception>
#include <mutex>
#include <new>

#include "listener_answer.hpp"

namespace prospero::webhooks::detail {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kept_bytes_max = 4u << 10;  // of the room for what is not read yet
constexpr std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::milliseconds leave_max{1'000};  // for the peer to read the last answer

RequestReader new_reader(const Shared& shared) {
  return {shared.options.head_bytes_max, shared.receiver.options().body_bytes_max};
}

}  // namespace

struct Connection::Mailbox {
  std::mutex mutex;
  Connection* owner = nullptr;

  /// The lock keeps the owner from ending between the look and the post.
  void deliver(Response response) {
    const std::lock_guard lock(mutex);
    if (!owner) return;
    owner->loop_.outbox.add([self = owner->shared_from_this(), response = std::move(response)] {
      if (self->phase_ == Phase::storing) self->answer(response, false);
    });
  }

  void detach() {
    const std::lock_guard lock(mutex);
    owner = nullptr;
  }
};

Connection::Connection(Shared& shared, Loop& loop, Socket socket, SSL_CTX* tls)
    : shared_(shared),
      loop_(loop),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      reader_(new_reader(shared)),
      share_(shared.body_room) {
  if (tls) tls_.emplace(socket_, tls);
}

Connection::~Connection() {
  shared_.registry.remove(id_);
}

void Connection::start() {
  id_ = shared_.registry.add(shared_from_this());
  if (id_ == 0) return;
  boost::system::error_code ignored;  // Nagle's delay costs time, not correctness
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);  // a new socket can be
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->tls_)
      self->handshake();
    else
      self->expect_request();
  });
}

void Connection::drain() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->nothing_received()) self->close();
  });
}

void Connection::evict() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    if (self->push_ || self->phase_ == Phase::closed) return;
    self->shared_.registry.count_eviction();
    self->close();
  });
}

void Connection::cancel() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
}

bool Connection::nothing_received() const {
  return phase_ == Phase::first_head || phase_ == Phase::waiting;
}

void Connection::handshake() {
  enter(Phase::handshake, shared_.options.handshake_max);
  tls_->handshake([self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
    if (error) self->shared_.registry.count_tls_failure();
    if (error || self->phase_ == Phase::closed) return self->close();
    self->expect_request();
  });
}

void Connection::enter(Phase phase, steady_clock::time_point deadline) {
  phase_ = phase;
  deadline_ = deadline;
  if (!timer_runs_ || deadline < timer_.expiry()) run_timer();
}

/// Phases are many and short, and hardly one reaches its deadline: a timer that runs for an earlier one is left to end,
/// and then runs for what is due by then.
void Connection::run_timer() {
  timer_runs_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (error || steady_clock::now() < self->timer_.expiry()) return;  // set anew, or closed
    self->timer_runs_ = false;
    if (steady_clock::now() >= self->deadline_) return self->on_deadline();
    if (self->phase_ != Phase::closed) self->run_timer();
  });
}

void Connection::enter(Phase phase, std::chrono::milliseconds limit) {
  enter(phase, steady_clock::now() + limit);
}

void Connection::on_deadline() {
  switch (phase_) {
    case Phase::first_head:
    case Phase::head:
    case Phase::body:
      return answer({408, std::nullopt, false, "request not complete in time\n"}, true);
    case Phase::storing:
      return answer({503, shared_.receiver.options().retry_after_s, false, "not stored in time\n"}, true);
    case Phase::handshake:
    case Phase::waiting:
    case Phase::answering:
    case Phase::leaving:
      return close();
    case Phase::closed:
      return;
  }
}

/// The first request may already be on its way in, so its head has the short deadline from the start.
void Connection::expect_request() {
  request_deadline_ = steady_clock::now() + shared_.options.request_max;
  enter(Phase::first_head, shared_.options.head_max);
  read();
}

void Connection::begin_request() {
  shared_.registry.set_reading(id_);
  request_began_ = steady_clock::now();
  if (phase_ == Phase::first_head) {
    phase_ = Phase::head;
    return;
  }
  request_deadline_ = request_began_ + shared_.options.request_max;
  enter(Phase::head, shared_.options.head_max);
}

void Connection::read() {
  auto on_done = [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
    self->on_read(error, size);
  };
  if (tls_) return tls_->read_some(loop_.read_room.data(), loop_.read_room.size(), std::move(on_done));
  socket_.async_wait(Socket::wait_read, [self = shared_from_this(), on_done](boost::system::error_code error) {
    const std::size_t size = error ? 0 : self->socket_.read_some(asio::buffer(self->loop_.read_room), error);
    if (error == asio::error::would_block) error.clear();
    on_done(error, size);
  });
}

/// False: there is no memory for it. This connection gives its own, so that the others go on.
bool Connection::keep_read(std::size_t size) {
  try {
    buffer_.append(loop_.read_room.data(), size);
    return true;
  } catch (const std::bad_alloc&) {
    shared_.registry.count_eviction();
    return false;
  }
}

void Connection::on_read(const boost::system::error_code& error, std::size_t size) {
  const bool reading =
      phase_ == Phase::first_head || phase_ == Phase::waiting || phase_ == Phase::head || phase_ == Phase::body;
  if (!reading) return;  // a deadline was faster and has taken over
  if (error) return close();
  if (size == 0) return read();
  if (!keep_read(size)) return close();
  if (phase_ == Phase::first_head || phase_ == Phase::waiting) begin_request();
  advance();
}

void Connection::advance() {
  switch (reader_.feed(buffer_)) {
    case RequestReader::Step::more:
      return read_on();
    case RequestReader::Step::head:
      return on_head();
    case RequestReader::Step::complete:
      return store();
    case RequestReader::Step::refused:
      return refuse(reader_.refusal());
  }
}

void Connection::read_on() {
  if (buffer_.empty()) keep_little();  // what is kept of a body is in the reader
  if (share_.grow_to(reader_.body_bytes())) return read();
  refuse_for_now("the large bodies that are being read would need over " +
                 std::to_string(shared_.body_room.bytes_max()) + " bytes together");
}

void Connection::refuse(const Response& refusal) {
  switch (refusal.status) {
    case 413:
      return answer(shared_.receiver.too_large(reader_.head().target), true);
    case 503:
      return refuse_for_now("there is no memory for a body");
    default:
      return answer(refusal, true);
  }
}

void Connection::refuse_for_now(const std::string& reason) {
  reader_.drop_body();
  share_.give_back();
  answer(shared_.receiver.unstored(reader_.head().target, reason), true);
}

void Connection::on_head() {
  const Head& head = reader_.head();
  if (const auto refusal = shared_.receiver.answer_to_head(head.method, head.target, head.content_length))
    return answer(*refusal, head.has_body);
  enter(Phase::body, request_deadline_);
  if (!(head.expects_continue && head.has_body && buffer_.empty())) return advance();
  write(interim, [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
    if (self->phase_ != Phase::body) return;
    if (error) return self->close();
    self->advance();
  });
}

void Connection::store() {
  phase_ = Phase::storing;  // under the deadline of the whole request
  push_ = true;
  shared_.registry.set_busy(id_);
  share_.give_back();  // the inbox counts it from here on
  mailbox_ = std::make_shared<Mailbox>();
  mailbox_->owner = this;
  try {
    shared_.receiver.receive(reader_.request(),
                             [mailbox = mailbox_](Response response) { mailbox->deliver(std::move(response)); });
  } catch (const std::exception&) {
    mailbox_->deliver({503, shared_.receiver.options().retry_after_s, false, "cannot store now\n"});
  }
}

void Connection::keep_little() {
  if (buffer_.capacity() > kept_bytes_max) std::string{}.swap(buffer_);
}

template <class Handler>
void Connection::write(std::string_view bytes, Handler handler) {
  if (tls_)
    tls_->write(bytes, std::move(handler));
  else
    asio::async_write(socket_, asio::buffer(bytes), std::move(handler));
}

void Connection::answer(const Response& response, bool close_after) {
  if (mailbox_) mailbox_->detach();
  enter(Phase::answering, shared_.options.answer_max);
  const Head& head = reader_.head();
  const bool last = close_after || !head.keep_alive || shared_.registry.is_shut();
  out_ = to_bytes(response, std::time(nullptr), last, head.method == "HEAD");
  write(out_, [self = shared_from_this(), status = response.status, last](const boost::system::error_code& error,
                                                                          std::size_t) {
    if (self->phase_ != Phase::answering) return;
    if (error) return self->close();
    self->on_answered(status, last);
  });
}

void Connection::on_answered(int status, bool last) {
  shared_.registry.count_answer(status);
  if (push_) shared_.registry.count_stored_answer(steady_clock::now() - request_began_);
  push_ = false;
  if (last) return leave();
  reader_ = new_reader(shared_);
  if (buffer_.empty()) {
    keep_little();
    shared_.registry.set_silent(id_);
    enter(Phase::waiting, shared_.options.keep_alive_max);
    if (shared_.registry.is_shut()) return close();  // shut between the answer and here: drain() saw it answering
    return read();
  }
  phase_ = Phase::waiting;
  begin_request();
  asio::post(socket_.get_executor(), [self = shared_from_this()] {  // many may have come in one read: no recursion
    if (self->phase_ == Phase::head) self->advance();
  });
}

/// Closing at once over unread bytes would send a reset, and the reset could overtake the answer. So: announce the end,
/// read and throw away what still comes for a moment, then close.
void Connection::leave() {
  shared_.registry.set_silent(id_);
  enter(Phase::leaving, leave_max);
  if (!tls_) return discard();
  tls_->say_farewell([self = shared_from_this()](const boost::system::error_code&, std::size_t) {
    if (self->phase_ == Phase::leaving) self->discard();
  });
}

void Connection::discard() {
  boost::system::error_code ignored;  // the peer may be gone already: the read below tells
  socket_.shutdown(Socket::shutdown_send, ignored);
  socket_.async_read_some(asio::buffer(loop_.read_room),
                          [self = shared_from_this()](const boost::system::error_code& error, std::size_t) {
                            if (self->phase_ != Phase::leaving) return;
                            if (error) return self->close();
                            self->discard();
                          });
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  if (mailbox_) mailbox_->detach();
  timer_.cancel();
  boost::system::error_code ignored;  // nothing can be done about a socket that does not close
  socket_.close(ignored);
}

}  // namespace prospero::webhooks::detail
