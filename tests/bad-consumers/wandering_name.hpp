// A name server that once gives a private address, as after a failover to the inside of a network.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <string>
#include <utility>

#include "transport/name_lookup.hpp"

namespace bad_consumers {

/// What `real` gives, but for the look-up with number `wanders_at` (from 1; 0: none). `real` must outlive it.
class WanderingName final : public mock::transport::NameLookup {
 public:
  WanderingName(mock::transport::NameLookup& real, int wanders_at) : real_(real), wanders_at_(wanders_at) {}

  std::unique_ptr<mock::transport::PendingLookup> resolve(const std::string& host, Done done) override {
    if (++look_ups_ != wanders_at_) return real_.resolve(host, std::move(done));
    return real_.resolve(host, [done = std::move(done)](mock::transport::LookupResult result) {
      result.addresses = {boost::asio::ip::make_address("10.1.2.3")};
      done(std::move(result));
    });
  }

 private:
  mock::transport::NameLookup& real_;
  int wanders_at_;
  int look_ups_ = 0;
};

}  // namespace bad_consumers
