// What a push came to, for people and for programs.
#pragma once

#include <boost/json/object.hpp>
#include <cstdio>
#include <future>
#include <string>
#include <utility>

#include "delivery/ports.hpp"
#include "delivery/types.hpp"

namespace mock::cli {

/// The lines about an attempt that has ended: number, instant, outcome, times per phase; why, with the clause.
std::string attempt_text(const delivery::Attempt& attempt);

/// What follows the last attempt made: the next one, the success, or the loss.
std::string outlook_text(const delivery::Delivery& delivery);

/// The wire format of a delivery, with `url` (without its path) and for each attempt `tookMs`. Without retries a failed
/// delivery is still `pending`, as Prospero would have it, and nothing is lost: one attempt was asked for.
boost::json::object push_json(const delivery::Delivery& delivery, const std::string& redacted_url, bool retries);

/// 0 delivered, 1 not, 2 the policy refused the address, 3 no TCP connection in any attempt.
int push_exit_code(const delivery::Delivery& delivery);

/// Prints a heading and then each attempt of one delivery as it ends, and tells when the delivery has ended.
class PushJournal final : public delivery::Journal {
 public:
  /// `out` may be null: nothing is printed.
  PushJournal(std::FILE* out, std::string heading) : out_(out), heading_(std::move(heading)) {}
  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override;
  void webhook_changed(const delivery::WebhookId&) override {}

  /// Ready, for one caller, when the delivery is no longer pending.
  std::future<delivery::Delivery> ended() { return ended_.get_future(); }

 private:
  void print(const delivery::Delivery& delivery);

  std::FILE* out_;
  std::string heading_;
  std::size_t printed_ = 0;
  bool told_ = false;
  std::promise<delivery::Delivery> ended_;
};

}  // namespace mock::cli
