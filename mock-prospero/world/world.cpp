#include "world/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "contract/values.hpp"
#include "world/merge_patch.hpp"
#include "world/refused.hpp"
#include "world/sample.hpp"

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

namespace json = boost::json;

constexpr std::size_t name_bytes_max = 200;
constexpr std::array<std::string_view, 4> header_fields{"id", "orgId", "createdAt", "lastUpdatedAt"};

void require_own_fields(const json::object& fields) {
  for (const auto name : header_fields) {
    if (fields.contains(name) && !PROSPERO_FAULT(T3_a_patch_may_set_the_header)) {
      throw Refused{Refusal::invalid, fmt::format("'{}' is given by the mock: leave it out", name)};
    }
  }
}

Instant to_second(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at);
}

bool is_draft(const json::object& invoice) {
  const auto* status = invoice.if_contains("status");
  return status != nullptr && status->is_string() && status->get_string() == "draft";
}

std::optional<std::string> id_of(const json::value& data) {
  const auto* entity = data.if_object();
  const auto* id = entity != nullptr ? entity->if_contains("id") : nullptr;
  if (id == nullptr || !id->is_string()) return std::nullopt;
  return std::string{id->get_string()};
}

}  // namespace

World::World(std::mt19937_64& random) : random_(random), uuids_(random) {}

const Organization& World::add_organization(std::string name, Instant now) {
  if (name.empty() || name.size() > name_bytes_max) {
    throw Refused{Refusal::invalid, fmt::format("'name' must have 1 to {} bytes", name_bytes_max)};
  }
  return organizations_.emplace_back(Organization{uuids_.next(now), std::move(name)});
}

const Organization& World::organization(std::string_view id) const {
  const auto found =
      std::find_if(organizations_.begin(), organizations_.end(), [&](const Organization& o) { return o.id == id; });
  if (found == organizations_.end()) throw Refused{Refusal::unknown, "no such organization"};
  return *found;
}

Change World::trigger(std::string_view org_id, std::string_view event, std::optional<json::value> data, Instant now) {
  const auto& owner = organization(org_id);
  const bool too_new =
      PROSPERO_FAULT(E10_only_known_events_are_triggered) && std::ranges::count(contract::webhook_events, event) == 0;
  if (!is_event_name(event) || too_new) throw Refused{Refusal::invalid, "'event' must have the form word.word"};
  if (!data) data = make_sample(event, {uuids_.next(now), owner.id, now}, random_);
  auto entity_id = id_of(*data);
  return Change{owner.id, std::string{event}, std::move(entity_id), *std::move(data)};
}

std::vector<Change> World::create(std::string_view org_id, Family family, const std::vector<json::object>& fields,
                                  Instant now) {
  const auto& owner = organization(org_id);
  for (const auto& one : fields) require_own_fields(one);
  std::vector<Change> changes;
  for (const auto& one : fields) {
    auto id = uuids_.next(now);
    const auto stamp = date_time_text(now);
    json::object body{{"id", id}, {"orgId", owner.id}, {"createdAt", stamp}, {"lastUpdatedAt", stamp}};
    if (PROSPERO_FAULT(T3_created_without_org_id)) body.erase("orgId");
    if (family == Family::invoice && !PROSPERO_FAULT(E5_an_invoice_starts_without_status) && !one.contains("status"))
      body["status"] = "draft";
    for (const auto& field : one)
      if (!PROSPERO_FAULT(T4_own_fields_are_dropped)) body[field.key()] = field.value();
    if (PROSPERO_FAULT(D9_bulk_tells_of_its_first_entity_only) && !changes.empty()) continue;
    changes.push_back(Change{owner.id, event_name(family, Happening::created), id, body});
    entities_.emplace(id, Entity{family, owner.id, to_second(now), false, std::move(body)});
    by_age_.push_back(std::move(id));
  }
  return changes;
}

const World::Entity& World::find(std::string_view org_id, Family family, std::string_view id) const {
  organization(org_id);
  const auto found = entities_.find(id);
  if (found == entities_.end() ||
      (found->second.org_id != org_id && !PROSPERO_FAULT(S1_entities_are_of_every_organization)) ||
      found->second.family != family) {
    throw Refused{Refusal::unknown, fmt::format("this organization has no such {}", singular(family))};
  }
  return found->second;
}

World::Entity& World::find(std::string_view org_id, Family family, std::string_view id) {
  return const_cast<Entity&>(std::as_const(*this).find(org_id, family, id));
}

void World::require_living(const Entity& entity) {
  if (entity.deleted) throw Refused{Refusal::unknown, fmt::format("this {} is deleted", singular(entity.family))};
}

World::Entity& World::living(std::string_view org_id, Family family, std::string_view id) {
  auto& entity = find(org_id, family, id);
  require_living(entity);
  return entity;
}

const json::object& World::entity(std::string_view org_id, Family family, std::string_view id) const {
  const auto& entity = find(org_id, family, id);
  require_living(entity);
  return entity.body;
}

std::vector<const json::object*> World::entities(std::string_view org_id, Family family) const {
  organization(org_id);
  std::vector<const json::object*> found;
  for (const auto& id : by_age_) {
    const auto& entity = entities_.find(id)->second;
    if (!entity.deleted && entity.family == family && entity.org_id == org_id) found.push_back(&entity.body);
  }
  return found;
}

// Times of T2 are whole seconds: on a clock that stands still each update is one second later than the one before, so
// that a consumer can tell their order.
Change World::touch(Entity& entity, Happening happening, Instant now) {
  const auto step = PROSPERO_FAULT(T6_restored_with_the_same_time) ? std::chrono::seconds{0} : std::chrono::seconds{1};
  entity.updated_at = std::max(to_second(now), entity.updated_at + step);
  if (!PROSPERO_FAULT(T3_an_update_keeps_the_old_time))
    entity.body["lastUpdatedAt"] = date_time_text(entity.updated_at);
  return Change{entity.org_id, event_name(entity.family, happening), id_of(entity.body), entity.body};
}

std::optional<Change> World::patch(std::string_view org_id, Family family, std::string_view id,
                                   const json::object& patch, Instant now) {
  auto& entity = living(org_id, family, id);
  require_own_fields(patch);
  auto patched = merge_patch(entity.body, patch);
  if (patched == entity.body && !PROSPERO_FAULT(E6_an_update_that_changes_nothing_fires)) return std::nullopt;
  entity.body = std::move(patched);
  if (PROSPERO_FAULT(E3_a_change_of_status_fires_nothing) && patch.contains("status")) return std::nullopt;
  return touch(entity, Happening::updated, now);
}

std::vector<Change> World::remove(std::string_view org_id, Family family, const std::vector<std::string>& ids) {
  std::set<std::string_view> seen;
  for (const auto& id : ids) {
    const auto& entity = living(org_id, family, id);
    if (!seen.insert(id).second) throw Refused{Refusal::invalid, fmt::format("the id {} is named twice", id)};
    if (family == Family::invoice && !is_draft(entity.body) && !PROSPERO_FAULT(E5_any_invoice_can_be_deleted)) {
      throw Refused{Refusal::conflict, fmt::format("the invoice {} is no draft: only drafts can be deleted", id)};
    }
  }
  std::vector<Change> changes;
  for (const auto& id : ids) {
    auto& entity = living(org_id, family, id);
    entity.deleted = true;
    json::object last_known = PROSPERO_FAULT(T7_deleted_carries_no_entity) ? json::object{} : entity.body;
    changes.push_back(Change{entity.org_id, event_name(family, Happening::deleted), id, std::move(last_known)});
  }
  return changes;
}

Change World::restore(std::string_view org_id, Family family, std::string_view id, Instant now) {
  auto& entity = find(org_id, family, id);
  if (!entity.deleted) throw Refused{Refusal::conflict, fmt::format("this {} is not deleted", singular(family))};
  entity.deleted = false;
  return touch(entity, Happening::created, now);
}

std::optional<Change> World::set_archived(std::string_view org_id, std::string_view id, bool archived, Instant now) {
  auto& entity = living(org_id, Family::calendar_event, id);
  const auto* before = entity.body.if_contains("sampleArchived");
  if ((before != nullptr && *before == json::value(true)) == archived) return std::nullopt;
  entity.body["sampleArchived"] = archived;
  if (PROSPERO_FAULT(E11_archiving_fires_nothing)) return std::nullopt;
  if (PROSPERO_FAULT(E11_unarchiving_fires_nothing) && !archived) return std::nullopt;
  return touch(entity, Happening::updated, now);
}

}  // namespace mock::world
