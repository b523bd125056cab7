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
  std::vector<std::weak_ptr<HttpAttempt>> under_way;
};

HttpTransport::HttpTransport(boost::asio::io_context& io, NameLookup& lookup, TransportOptions options)
    : impl_(new Impl{
          {}, {io, lookup, std::move(options.policy), make_client_context(options.ca_files).value(), nullptr}, {}}) {
  if (options.keep_alive) impl_->context.idle = &impl_->idle.emplace(io);
}

HttpTransport::~HttpTransport() {
  for (const auto& weak : impl_->under_way) {
    if (const auto attempt = weak.lock()) attempt->abandon();
  }
}

void HttpTransport::post(delivery::Push push, Done done) {
  std::erase_if(impl_->under_way, [](const auto& attempt) { return attempt.expired(); });
  const auto attempt = std::make_shared<HttpAttempt>(impl_->context, std::move(push), std::move(done));
  impl_->under_way.push_back(attempt);
  attempt->start();
}

}  // namespace mock::transport
