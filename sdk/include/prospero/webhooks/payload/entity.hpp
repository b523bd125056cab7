// The affected entity of a push: what the contract names is typed (T1, T3), every other field is passed through (T4).
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "event.hpp"
#include "raw_json.hpp"
#include "types.hpp"

#pragma GCC visibility push(default)  // public; all else in the libraries is hidden

namespace prospero::webhooks {

/// What every entity carries.
struct EntityHeader {
  Uuid id;                                   ///< T1; of a deleted entity the only thing to rely on (T7)
  std::optional<Uuid> org_id;                ///< `orgId` (T3); nullopt when absent, repeated or no UUID
  std::optional<Timestamp> created_at;       ///< `createdAt` (T3), read as RFC 3339; nullopt as above
  std::optional<Timestamp> last_updated_at;  ///< `lastUpdatedAt` (T3), likewise

  friend bool operator==(const EntityHeader&, const EntityHeader&) = default;
};

/// An entity. Copying is cheap: the bytes are shared. One object is not for two threads at once (fields() builds on
/// first use); copies may go to different threads.
class Entity {
 public:
  /// `data` is an object. parse() makes entities; tests may too.
  Entity(const EntityHeader& header, RawJson data) : header_(header), data_(std::move(data)) {}

  const Uuid& id() const noexcept { return header_.id; }
  const std::optional<Uuid>& org_id() const noexcept { return header_.org_id; }
  const std::optional<Timestamp>& created_at() const noexcept { return header_.created_at; }
  const std::optional<Timestamp>& last_updated_at() const noexcept { return header_.last_updated_at; }
  const EntityHeader& header() const noexcept { return header_; }

  /// Every member of `data`, those of the header with their original text among them. See RawJson::value() for
  /// lifetime (of copies too), exactness and what it throws. To get an application's own type: bind.hpp.
  const boost::json::object& fields() const { return data_.value().get_object(); }

  /// `data` as it came.
  std::string_view text() const noexcept { return data_.text(); }
  const RawJson& json() const noexcept { return data_; }

 private:
  EntityHeader header_;
  RawJson data_;
};

/// An entry of the Prospero calendar, called Event there. Not to be confused with a WebhookEvent.
class CalendarEvent : public Entity {
 public:
  static constexpr Family family = Family::calendar_event;
  using Entity::Entity;
};

class Invoice : public Entity {
 public:
  static constexpr Family family = Family::invoice;
  using Entity::Entity;
};

class Offer : public Entity {
 public:
  static constexpr Family family = Family::offer;
  using Entity::Entity;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
