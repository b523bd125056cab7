// Made-up pushes for an application's own tests: any webhook event, the fields of the contract filled in, your own
// added.
//
//   const auto body = pwt::PayloadBuilder{pw::WebhookEvent::invoice_updated}.set("/status", "paid").body();
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "prospero/webhooks/payload/event.hpp"
#include "prospero/webhooks/payload/payload.hpp"
#include "prospero/webhooks/payload/types.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks::testing {

/// Builds the body of one push. The same seed gives the same bytes; another seed another entity. `data` starts with a
/// version 1 `id` (T1), `orgId`, `createdAt` and `lastUpdatedAt` in the form of T2 (T3) and nothing else: Prospero's
/// other fields are not known (T4), yours come by set(). A value; not thread-safe.
class PayloadBuilder {
 public:
  explicit PayloadBuilder(WebhookEvent event, std::uint64_t seed = 1);
  /// A webhook event that this version need not know (E10).
  explicit PayloadBuilder(std::string_view event_name, std::uint64_t seed = 1);

  PayloadBuilder& id(const Uuid& id);
  PayloadBuilder& org_id(const Uuid& id);
  PayloadBuilder& created_at(const Timestamp& time);
  PayloadBuilder& last_updated_at(const Timestamp& time);

  /// Sets the member of `data` at a JSON pointer (RFC 6901), "/lines/0/amount" for instance; what is missing on the way
  /// is made, `-` appends to an array. Throws std::invalid_argument for text that is no pointer, an index beyond the
  /// end of an array, or a way through a scalar.
  PayloadBuilder& set(std::string_view pointer, boost::json::value value);
  /// Removes a top-level member of `data`, `lastUpdatedAt` for instance.
  PayloadBuilder& without(std::string_view member);

  /// `data` as it stands.
  const boost::json::object& data() const noexcept { return data_.get_object(); }
  /// The bytes that Prospero would send.
  std::string body() const;
  /// The same, parsed. Throws PayloadException when what was set makes it no push.
  AnyPayload payload() const;

 private:
  std::string event_;
  boost::json::value data_;
};

}  // namespace prospero::webhooks::testing

#pragma GCC visibility pop
