// The body of a request as the parser gathers it: a string that takes memory for what has come, not for what is said to
// come.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string>

#include "body_room.hpp"

namespace prospero::webhooks::detail {

/// Meets Beast's Body and BodyReader. Without memory for more the parser's error is `not_enough_memory`.
struct ReceivedBody {
  using value_type = std::string;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, std::string& body) : body_(body) {}

    void init(const boost::optional<std::uint64_t>& declared, boost::beast::error_code& error) {
      if (!declared) return;
      guarded(error, [&] {
        body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*declared, BodyShare::free_bytes)));
      });
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      const std::size_t before = body_.size();
      guarded(error, [&] {
        for (const boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers))
          body_.append(static_cast<const char*>(part.data()), part.size());
      });
      return body_.size() - before;
    }

    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    template <class F>
    static void guarded(boost::beast::error_code& error, F take) {
      error = {};
      try {
        take();
      } catch (const std::bad_alloc&) {
        error = make_error_code(boost::system::errc::not_enough_memory);
      }
    }

    std::string& body_;
  };
};

}  // namespace prospero::webhooks::detail
