// One request of the admin port and its answer. A client holds no thread before its request is complete.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>

#include "admin_routes.hpp"

namespace consumer {

/// All members are for the thread of the socket's io_context, on which nothing takes long.
class AdminConnection : public std::enable_shared_from_this<AdminConnection> {
 public:
  /// @param routes answer on the threads of `answers`; both must outlive the connection
  AdminConnection(boost::asio::ip::tcp::socket socket, const AdminRoutes& routes, boost::asio::io_context& answers);

  /// @param request_max total, until the last byte of the request
  void start(std::chrono::milliseconds request_max);

  /// Its request is complete and its answer not sent yet.
  bool is_being_answered() const noexcept;

  void close();

  /// Closes it, or if it is being answered gives the answer a second to go out.
  void drain();

 private:
  enum class Step { reading, answering, writing, closing };
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void read_head();
  void invite_body();
  void read_body();
  void refuse(const boost::system::error_code& error);
  void answer();
  void write(AdminAnswer answer);
  void await_close();
  void discard();
  void close_in(std::chrono::milliseconds time_max);

  boost::asio::ip::tcp::socket socket_;
  const AdminRoutes& routes_;
  boost::asio::io_context& answers_;
  boost::asio::steady_timer deadline_;
  Step step_ = Step::reading;
  bool draining_ = false;
  boost::beast::flat_buffer buffer_;
  Parser parser_;
  Response response_;
};

}  // namespace consumer
