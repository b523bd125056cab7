// The state behind the API and everything that may be done to it: the world, the operator desk's registry, and the
// sender, kept in step. A change in the world becomes one delivery per webhook that listens.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/change_feed.hpp"
#include "api/output.hpp"
#include "delivery/packed_id.hpp"
#include "delivery/ports.hpp"
#include "delivery/sender.hpp"
#include "registry/registry.hpp"
#include "transport/url.hpp"
#include "world/world.hpp"

namespace mock::api {

/// Which deliveries a list shows; empty members show all.
struct DeliveryFilter {
  std::optional<std::string> webhook;
  std::optional<std::string> state;  ///< or "missed": abandoned or dropped
  std::optional<std::string> event;
  std::optional<std::string> outcome;  ///< of the last attempt that has ended; "any": one has
  std::optional<std::string> entity;   ///< what the id of the entity starts with
};

enum class Order : std::uint8_t { oldest_first, newest_first };

/// What a webhook event led to.
struct Fired {
  std::string event;
  std::optional<std::string> entity_id;
  std::vector<delivery::DeliveryId> deliveries;
  std::vector<delivery::DeliveryId> missed;  ///< of these, the ones that a disabled webhook missed (X3)
};

/// To whom a webhook shall belong: an organization that there is, or one that is made with it.
struct Owner {
  std::string id;    ///< or empty
  std::string name;  ///< of the one to make
};

/// Not thread-safe: every call on the thread that drives the sender, and the sender's journal too. Refused wishes throw
/// world::Refused and change nothing.
class Desk : public delivery::Journal {
 public:
  /// `seed` makes ids and samples. The clock must outlive the desk.
  Desk(const delivery::Clock& clock, std::uint64_t seed, world::WorldRules rules = {});

  /// Must be called once, before any other call. The sender must outlive every later call.
  void attach(delivery::Sender& sender) { sender_ = &sender; }

  world::World& world() noexcept { return world_; }
  registry::Registry& registry() noexcept { return registry_; }

  /// Go on after a restart with what a store kept, in the order in which it was lost, before the sender goes on.
  void restore_loss(const delivery::DeliveryId& id);
  void restore_delivery(const delivery::Delivery& delivery) { note_resend(delivery); }
  delivery::Instant now() const { return clock_.now(); }

  boost::json::object add_organization(std::string name);
  boost::json::object organizations(Page page) const;
  Fired trigger(std::string_view org_id, std::string_view event, std::optional<std::string> data);
  /// The same with a body that is sent as it is, whatever it holds.
  Fired trigger_raw(std::string_view org_id, std::string_view event, std::string body);
  /// Enqueues the change for every webhook that listens to it (S1, S2), all due now (D9), and tells the feed of it.
  Fired fire(const world::Change& change);

  /// A refused webhook leaves no organization behind.
  boost::json::object add_webhook(const Owner& owner, const transport::WebhookUrl& url,
                                  std::vector<std::string> events);
  boost::json::object webhook(const std::string& id) const;
  boost::json::object webhooks(Page page) const;
  boost::json::object remove_webhook(const std::string& id);  ///< again: changes nothing
  boost::json::object remove_webhook(const transport::WebhookUrl& url, const std::optional<std::string>& org_id);
  boost::json::object enable_webhook(const std::string& id);  ///< of an enabled one: changes nothing (X4)

  boost::json::object deliveries(const DeliveryFilter& filter, Order order, Page page) const;
  boost::json::object count_deliveries(const DeliveryFilter& filter) const;
  boost::json::object delivery(const std::string& id) const;
  std::shared_ptr<const std::string> body(const std::string& id) const;
  boost::json::object missed(const std::optional<std::string>& webhook, Page page) const;
  /// The same bytes on a new ladder (this mock only). Refused{conflict} while the original is pending, and for a
  /// webhook that is not enabled.
  boost::json::object resend(const std::string& id);

  /// Tells the feed of the clock, if that is virtual and has moved since.
  void tell_clock();
  ChangeFeed& feed() noexcept { return feed_; }  ///< from any thread
  /// Without it the feed never hears of the clock: a real one moves all the time.
  void tell_of_virtual_clock() noexcept { virtual_clock_ = true; }

  /// Forgets everything but the time; the sender must be a new one, without anything.
  void reset();

  void delivery_changed(std::size_t, const delivery::Delivery& delivery) override;
  void webhook_changed(const delivery::WebhookId& webhook) override;

 private:
  delivery::Delivery find_delivery(const std::string& id) const;
  boost::json::object shown(const delivery::Delivery& delivery) const;
  boost::json::object shown(const registry::Webhook& webhook) const;
  void note_resend(const delivery::Delivery& delivery);
  Fired send_to_listeners(const world::Change& change, std::string body);

  const delivery::Clock& clock_;
  delivery::Sender* sender_ = nullptr;
  std::mt19937_64 random_;
  world::World world_;
  registry::Registry registry_;
  std::vector<delivery::PackedId>
      losses_;  ///< in the order of their happening; what is lost stays so, and comes up once
  delivery::TextPool loss_texts_;
  std::unordered_map<std::string, std::string> resent_as_;  ///< the latest resend of a delivery
  ChangeFeed feed_;
  bool virtual_clock_ = false;
  delivery::Instant told_now_{};
};

}  // namespace mock::api
