// The wire formats of the API: what callers see of webhooks, deliveries, attempts. Times have milliseconds.
#pragma once

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "delivery/sender.hpp"
#include "delivery/types.hpp"
#include "registry/registry.hpp"
#include "world/world.hpp"

namespace mock::api {

boost::json::object organization_json(const world::Organization& organization);
boost::json::object webhook_json(const registry::Webhook& webhook, const delivery::WebhookStatus& status);
boost::json::object delivery_json(const delivery::Delivery& delivery, const std::string& body_sha256);
boost::json::object missed_json(const delivery::Delivery& lost, const std::optional<std::string>& resent_as);

/// What happened to which entity; who wants to see it asks for it.
boost::json::object changed_entity_json(const world::Change& change);
boost::json::object clock_json(bool virtual_clock, delivery::Instant now);

/// How many deliveries there are, by state and by reason, and when the next attempt of any of them is due.
class DeliveryCount {
 public:
  void add(const delivery::DeliveryGlance& delivery);
  boost::json::object json() const;

 private:
  std::array<std::size_t, 4> states_{};
  std::array<std::size_t, 4> reasons_{};
  std::optional<delivery::Instant> next_;
};

/// Lower-case hex SHA-256.
std::string sha256_hex(const std::string& bytes);

/// One page of a list: feed it every row, oldest first, and it takes what belongs on the page.
class Page {
 public:
  /// `after` is the cursor of the page before: the id of its last row.
  Page(std::optional<std::string> after, std::size_t limit) : after_(std::move(after)), limit_(limit) {}

  /// A list that finds the cursor's row by itself passes it, and offers only what comes after.
  const std::optional<std::string>& cursor() const noexcept { return after_; }
  void pass_cursor() noexcept { after_.reset(); }
  bool full() const noexcept { return more_; }  ///< what is offered from now on changes nothing

  /// Calls `make` if the row is on the page. Until the cursor is passed, every row must be offered, also those that a
  /// filter hides.
  void offer(const std::string& id, bool shown, const std::function<boost::json::object()>& make);

  /// `{"items": [...], "next": cursor|null}`. Throws Error 422 if the cursor named no row.
  boost::json::object finish();

 private:
  std::optional<std::string> after_;
  std::size_t limit_;
  bool more_ = false;
  std::string last_;
  boost::json::array items_;
};

}  // namespace mock::api
