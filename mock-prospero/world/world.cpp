#include "world/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <set>
#include <utility>

#include "contract/values.hpp"
#include "world/merge_patch.hpp"
#include "world/refused.hpp"
#include "world/sample.hpp"

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::array<std::string_view, 4> header_fields{"id", "orgId", "createdAt", "lastUpdatedAt"};

void require_own_fields(const SpelledObject& fields) {
  for (const auto name : header_fields) {
    if (fields.find(name) != nullptr && !PROSPERO_FAULT(T3_a_patch_may_set_the_header)) {
      throw Refused{Refusal::invalid, fmt::format("'{}' is given by the mock: leave it out", name)};
    }
  }
}

Instant to_second(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at);
}

bool is_draft(const SpelledObject& invoice) {
  return invoice.text_at("status") == "draft";
}

}  // namespace

World::World(std::mt19937_64& random, WorldRules rules) : random_(random), rules_(std::move(rules)), uuids_(random) {}

std::string World::shown(const SpelledObject& entity) const {
  if (rules_.without_fields.empty() || PROSPERO_FAULT(T3_what_is_left_out_is_sent)) return entity.text();
  auto rest = entity;
  for (const auto& name : rules_.without_fields) rest.erase(name);
  return rest.text();
}

const Organization& World::add_organization(std::string name, Instant now) {
  if (name.empty() || name.size() > name_bytes_max) {
    throw Refused{Refusal::invalid, fmt::format("'name' must have 1 to {} bytes", name_bytes_max)};
  }
  const auto& added = organizations_.emplace_back(Organization{uuids_.next(now), std::move(name)});
  if (journal_ != nullptr) journal_->organization_added(added);
  return added;
}

const Organization& World::organization(std::string_view id) const {
  const auto found =
      std::find_if(organizations_.begin(), organizations_.end(), [&](const Organization& o) { return o.id == id; });
  if (found == organizations_.end()) throw Refused{Refusal::unknown, "no such organization"};
  return *found;
}

Change World::trigger(std::string_view org_id, std::string_view event, std::optional<std::string> data, Instant now) {
  const auto& owner = organization(org_id);
  const bool too_new =
      PROSPERO_FAULT(E10_only_known_events_are_triggered) && std::ranges::count(contract::webhook_events, event) == 0;
  if (!is_event_name(event) || too_new)
    throw Refused{Refusal::invalid, "'event' must have the form word.word, at most 100 characters"};
  if (!data) {
    auto sample = make_sample(event, {uuids_.next(now), owner.id, now}, random_);
    for (const auto& name : rules_.without_fields) sample.stable_erase(name);
    data = boost::json::serialize(sample);
  }
  const auto entity = SpelledObject::of(*data);
  auto entity_id = entity ? entity->text_at("id") : std::nullopt;
  return Change{owner.id, std::string{event}, std::move(entity_id), *std::move(data)};
}

std::vector<Change> World::create(std::string_view org_id, Family family, const std::vector<SpelledObject>& fields,
                                  Instant now) {
  const auto& owner = organization(org_id);
  for (const auto& one : fields) require_own_fields(one);
  std::vector<Change> changes;
  for (const auto& one : fields) {
    auto id = uuids_.next(now);
    const auto stamp = date_time_text(now);
    SpelledObject body;
    body.set_text("id", id);
    if (!PROSPERO_FAULT(T3_created_without_org_id)) body.set_text("orgId", owner.id);
    body.set_text("createdAt", stamp);
    body.set_text("lastUpdatedAt", stamp);
    const bool has_status = one.find("status") != nullptr || PROSPERO_FAULT(E5_an_invoice_starts_without_status);
    if (family == Family::invoice && !has_status) body.set_text("status", "draft");
    for (const auto& field : one.members())
      if (!PROSPERO_FAULT(T4_own_fields_are_dropped)) body.set(field.key, field.value);
    if (PROSPERO_FAULT(D9_bulk_tells_of_its_first_entity_only) && !changes.empty()) continue;
    changes.push_back(Change{owner.id, event_name(family, Happening::created), id, shown(body)});
    entities_.emplace(id, Entity{family, owner.id, to_second(now), false, std::move(body)});
    by_age_.push_back(id);
    tell(id);
  }
  return changes;
}

void World::restore_entity(KeptEntity kept) {
  by_age_.push_back(kept.id);
  entities_.emplace(std::move(kept.id),
                    Entity{kept.family, std::move(kept.org_id), kept.updated_at, kept.deleted, std::move(kept.body)});
}

KeptEntity World::kept_entity(const std::string& id) const {
  const auto& one = entities_.at(id);
  return {id, one.family, one.org_id, one.updated_at, one.deleted, one.body};
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

const SpelledObject& World::entity(std::string_view org_id, Family family, std::string_view id) const {
  const auto& entity = find(org_id, family, id);
  require_living(entity);
  return entity.body;
}

std::vector<const SpelledObject*> World::entities(std::string_view org_id, Family family) const {
  organization(org_id);
  std::vector<const SpelledObject*> found;
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
    entity.body.set_text("lastUpdatedAt", date_time_text(entity.updated_at));
  auto id = entity.body.text_at("id");
  tell(id.value());
  return Change{entity.org_id, event_name(entity.family, happening), std::move(id), shown(entity.body)};
}

std::optional<Change> World::patch(std::string_view org_id, Family family, std::string_view id,
                                   const SpelledObject& patch, Instant now) {
  auto& entity = living(org_id, family, id);
  require_own_fields(patch);
  auto patched = merge_patch(entity.body, patch);
  if (patched.text() == entity.body.text() && !PROSPERO_FAULT(E6_an_update_that_changes_nothing_fires))
    return std::nullopt;
  entity.body = std::move(patched);
  if (PROSPERO_FAULT(E3_a_change_of_status_fires_nothing) && patch.find("status") != nullptr) return std::nullopt;
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
    tell(id);
    auto last_known = PROSPERO_FAULT(T7_deleted_carries_no_entity) ? "{}" : shown(entity.body);
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
  const auto* before = entity.body.find("sampleArchived");
  if ((before != nullptr && *before == "true") == archived) return std::nullopt;
  entity.body.set(quoted("sampleArchived"), archived ? "true" : "false");
  if (PROSPERO_FAULT(E11_archiving_fires_nothing)) return std::nullopt;
  if (PROSPERO_FAULT(E11_unarchiving_fires_nothing) && !archived) return std::nullopt;
  auto change = touch(entity, Happening::updated, now);
  if (!PROSPERO_FAULT(E11_archiving_is_always_told_as_an_update)) change.event = rules_.archive_fires.value_or("");
  return change;
}

void World::forget() {
  organizations_.clear();
  entities_.clear();
  by_age_.clear();
}

}  // namespace mock::world
