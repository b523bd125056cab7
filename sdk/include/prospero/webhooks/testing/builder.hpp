/// @file
/// Made-up pushes for an application's own tests: any webhook event, the fields of the contract filled in, your own
/// added.
///
///   const auto body = pwt::PayloadBuilder{pw::WebhookEvent::invoice_updated}.set("/status", "paid").body();
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
  /// @param event one of the nine
  /// @param seed chooses the entity
  explicit PayloadBuilder(WebhookEvent event, std::uint64_t seed = 1);
  /// A webhook event that this version need not know (E10).
  /// @param event_name any text in UTF-8
  /// @param seed chooses the entity
  explicit PayloadBuilder(std::string_view event_name, std::uint64_t seed = 1);

  /// Replaces `id`. @param id any UUID @return this builder
  PayloadBuilder& id(const Uuid& id);
  /// Replaces `orgId`. @param id any UUID @return this builder
  PayloadBuilder& org_id(const Uuid& id);
  /// Replaces `createdAt`. @param time in the form of T2 @return this builder
  PayloadBuilder& created_at(const Timestamp& time);
  /// Replaces `lastUpdatedAt`. @param time in the form of T2 @return this builder
  PayloadBuilder& last_updated_at(const Timestamp& time);

  /// Sets a member of `data`; objects that are missing on the way are made. An array is not guessed from a number: set
  /// it first, `set("/lines", boost::json::array{})`, then its elements. Throws std::invalid_argument for text that is
  /// no pointer, an index beyond the end of an array, or a way through a scalar.
  /// @param pointer JSON pointer (RFC 6901), "/lines/0/amount" for instance; `-` appends to an array
  /// @param value replaces what was there
  /// @return this builder
  PayloadBuilder& set(std::string_view pointer, boost::json::value value);
  /// Removes a member of `data`; none of that name is no error.
  /// @param member its name, `lastUpdatedAt` for instance
  /// @return this builder
  PayloadBuilder& without(std::string_view member);

  /// @return `data` as it stands; it lives as long as this object
  const boost::json::object& data() const noexcept { return data_.get_object(); }
  /// @return the bytes that Prospero would send
  std::string body() const;
  /// Throws PayloadException when what was set makes it no push.
  /// @return the same, parsed
  AnyPayload payload() const;

 private:
  std::string event_;
  boost::json::value data_;
};

}  // namespace prospero::webhooks::testing

#pragma GCC visibility pop
