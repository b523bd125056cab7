/// @file
/// For an app that already has an `httplib::Server` (cpp-httplib): the receiver as a route of that server. Header-only
/// and a template, because the feature macros of cpp-httplib change its classes: nothing of ours is compiled against
/// one setting of them. Include <httplib.h> first, with your own macros.
///
/// cpp-httplib serves a connection with a thread, so silent clients can keep real pushes waiting past Prospero's 5 s
/// (D4); for a public endpoint prefer Listener.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "prospero/webhooks/receive/receiver.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

namespace detail {

/// The path as a regular expression that matches nothing but the path: cpp-httplib's routes are expressions.
inline std::string exactly(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("\\^$.|?*+()[]{}").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

template <class HttpResponse>
void write_response(const Response& from, HttpResponse& to) {
  to.status = from.status;
  if (from.retry_after_s) to.set_header("Retry-After", std::to_string(*from.retry_after_s));
  if (from.allow_post) to.set_header("Allow", "POST");
  to.set_content(from.body, "text/plain");
}

/// For a body that was not read to its end: the rest of it must not be taken for another request. A content provider
/// that fails is what makes every version of cpp-httplib close the connection.
template <class HttpResponse>
void write_last_response(const Response& from, HttpResponse& to) {
  to.status = from.status;
  to.set_header("Connection", "close");
  to.set_content_provider(from.body.size(), "text/plain", [text = from.body](std::size_t, std::size_t, auto& sink) {
    sink.write(text.data(), text.size());
    return false;
  });
}

}  // namespace detail

/// Serves the hook `path` of `receiver` on `server`: POST is received (200 after the payload is durable), other methods
/// get 405. Call it before the server listens; `receiver` must outlive the server. A body over
/// ReceiverOptions::body_bytes_max, or over the server's own limit, gets 413 without being read further. cpp-httplib
/// decodes gzip and brotli itself: the decoded bytes count against the limit and are what is kept. Of a body that does
/// not come whole (it breaks off, stalls for longer than the server's read timeout, cannot be decoded) nothing is
/// stored: it gets 400, or 415 for an encoding that cpp-httplib does not know. The connection is closed after a 400, a
/// 413 and a 415.
/// Throws std::invalid_argument when `path` is no hook of the receiver.
/// @param server an `httplib::Server` or `httplib::SSLServer`
/// @param path of a hook, byte for byte
/// @param receiver what the requests go to
template <class HttpServer>
void mount(HttpServer& server, const std::string& path, Receiver& receiver) {
  const auto& hooks = receiver.options().hooks;
  if (std::none_of(hooks.begin(), hooks.end(), [&](const Hook& hook) { return hook.path == path; }))
    throw std::invalid_argument("mount: the path is no hook of this receiver; add it to ReceiverOptions::hooks");

  const std::string pattern = detail::exactly(path);
  server.Post(pattern, [path, &receiver](const auto& request, auto& response, const auto& read) {
    const std::size_t limit = receiver.options().body_bytes_max;
    std::string body;
    bool too_large = false;
    const bool whole = read([&](const char* data, std::size_t size) {
      too_large = size > limit - body.size();
      if (!too_large) body.append(data, size);
      return !too_large;
    });
    if (too_large || (!whole && response.status == 413))
      return detail::write_last_response(receiver.too_large(path), response);
    if (!whole) {
      const int status = response.status >= 400 ? response.status : 400;
      return detail::write_last_response({status, std::nullopt, false, "the body is not whole\n"}, response);
    }
    detail::write_response(receiver.receive(Request{request.method, path, {}, std::move(body)}), response);
  });
  const auto refuse = [path, &receiver](const auto& request, auto& response) {
    if (const auto answer = receiver.answer_to_head(request.method, path, std::nullopt))
      detail::write_response(*answer, response);
  };
  server.Get(pattern, refuse);
  server.Put(pattern, refuse);
  server.Patch(pattern, refuse);
  server.Delete(pattern, refuse);
  server.Options(pattern, refuse);
}

}  // namespace prospero::webhooks

#pragma GCC visibility pop
