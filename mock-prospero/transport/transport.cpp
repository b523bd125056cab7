#include "transport/transport.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "transport/attempt.hpp"
#include "transport/tls_client.hpp"

namespace mock::transport {

struct HttpTransport::Impl {
  std::optional<IdleConnections> idle;
  AttemptContext context;
  std::vector<std::weak_ptr<HttpAttempt>> under_way;  // and some that have ended

  void add(const std::shared_ptr<HttpAttempt>& attempt) {
    if (under_way.size() == under_way.capacity()) {
      std::erase_if(under_way, [](const auto& one) { return one.expired(); });
      under_way.reserve(std::max<std::size_t>(64, under_way.size() * 2));
    }
    under_way.push_back(attempt);
  }
};

HttpTransport::HttpTransport(boost::asio::io_context& io, NameLookup& lookup, TransportOptions options)
    : impl_(new Impl{{},
                     {io, lookup, std::move(options.policy),
                      options.roots ? options.roots : make_client_context(options.ca_files).value(),
                      std::move(options.fields), options.answer_bytes_kept},
                     {}}) {
  if (options.keep_alive) impl_->context.idle = &impl_->idle.emplace(io);
}

HttpTransport::~HttpTransport() {
  for (const auto& weak : impl_->under_way) {
    if (const auto attempt = weak.lock()) attempt->abandon();
  }
}

void HttpTransport::post(delivery::Push push, Done done) {
  const auto attempt = std::make_shared<HttpAttempt>(impl_->context, std::move(push), std::move(done));
  impl_->add(attempt);
  attempt->start();
}

}  // namespace mock::transport
