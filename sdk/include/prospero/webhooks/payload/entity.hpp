/// @file
/// The affected entity of a push: what the contract names is typed (T1, T3), every other field is passed through (T4).
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

  /// Whether all four are equal.
  friend bool operator==(const EntityHeader&, const EntityHeader&) = default;
};

/// An entity. Copying is cheap: the bytes are shared. One object is not for two threads at once (fields() builds on
/// first use); copies may go to different threads.
class Entity {
 public:
  /// parse() makes entities; tests may too.
  /// @param header what stands in `data`; it is not compared with that
  /// @param data a JSON object
  Entity(const EntityHeader& header, RawJson data) : header_(header), data_(std::move(data)) {}

  /// @return EntityHeader::id
  const Uuid& id() const noexcept { return header_.id; }
  /// @return EntityHeader::org_id
  const std::optional<Uuid>& org_id() const noexcept { return header_.org_id; }
  /// @return EntityHeader::created_at
  const std::optional<Timestamp>& created_at() const noexcept { return header_.created_at; }
  /// @return EntityHeader::last_updated_at
  const std::optional<Timestamp>& last_updated_at() const noexcept { return header_.last_updated_at; }
  /// @return all of the above; it lives as long as this object
  const EntityHeader& header() const noexcept { return header_; }

  /// What is passed through (T4). See RawJson::value() for lifetime (of copies too), exactness and what it throws. To
  /// get an application's own type: bind.hpp.
  /// @return every member of `data`, those of the header with their original text among them
  const boost::json::object& fields() const { return data_.value().get_object(); }

  /// @return the bytes of `data` as they came; they live as long as this object or any copy of it
  std::string_view text() const noexcept { return data_.text(); }
  /// @return `data`; it lives as long as this object
  const RawJson& json() const noexcept { return data_; }

 private:
  EntityHeader header_;
  RawJson data_;
};

/// An entry of the Prospero calendar, called Event there. Not to be confused with a WebhookEvent.
class CalendarEvent : public Entity {
 public:
  /// The kind of entity that it is.
  static constexpr Family family = Family::calendar_event;
  using Entity::Entity;
};

/// An invoice (E4-E6).
class Invoice : public Entity {
 public:
  /// The kind of entity that it is.
  static constexpr Family family = Family::invoice;
  using Entity::Entity;
};

/// An offer (E7-E9).
class Offer : public Entity {
 public:
  /// The kind of entity that it is.
  static constexpr Family family = Family::offer;
  using Entity::Entity;
};

}  // namespace prospero::webhooks

#pragma GCC visibility pop
