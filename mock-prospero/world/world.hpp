// The mock's world: organizations and their entities. Every change tells which webhook event it is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/values.hpp"
#include "world/date_time.hpp"
#include "world/family.hpp"
#include "world/spelled_json.hpp"
#include "world/uuid_v1.hpp"

namespace mock::world {

struct Organization {
  std::string id;  ///< UUID text (T1)
  std::string name;
};

/// Something that happened in one organization (S1), ready to be pushed.
struct Change {
  std::string org_id;
  std::string event;                     ///< name of the webhook event; empty: none fires
  std::optional<std::string> entity_id;  ///< empty when the data has no `id` text
  std::string data;                      ///< JSON: the affected entity (D1); as last known when deleted (T7)
  std::string happened = event;          ///< what became of the entity, where that is not what fires (E11)
};

/// An entity with all that the world knows of it, as a store keeps it. Deleted ones are kept: they may be restored.
struct KeptEntity {
  std::string id;
  Family family = Family::calendar_event;
  std::string org_id;
  Instant updated_at{};
  bool deleted = false;
  SpelledObject body;
};

/// What may be chosen about entities. The defaults are those of the contract.
struct WorldRules {
  std::optional<std::string> archive_fires{contract::archive_event};  ///< E11; empty: nothing
  std::vector<std::string> without_fields;                            ///< T3: members that never leave the world
};

/// Is told of every change, after it happened. It must not call the world's changing functions from inside.
class WorldJournal {
 public:
  virtual ~WorldJournal() = default;
  virtual void organization_added(const Organization& organization) = 0;
  virtual void entity_changed(const std::string& id) = 0;
};

/// Not thread-safe. Refused wishes throw Refused and change nothing. `now` is the clock's time; it may stand still.
class World {
 public:
  explicit World(std::mt19937_64& random, WorldRules rules = {});

  /// Throws Refused{invalid} when the name is empty or longer than 200 bytes.
  const Organization& add_organization(std::string name, Instant now);
  const std::vector<Organization>& organizations() const noexcept { return organizations_; }  ///< oldest first
  const Organization& organization(std::string_view id) const;  ///< throws Refused{unknown}

  /// A webhook event out of nothing, also one that does not exist yet (E10). `data` is JSON, sent as it is spelled
  /// (T4); without it a sample entity is made.
  Change trigger(std::string_view org_id, std::string_view event, std::optional<std::string> data, Instant now);

  /// Creates one entity per object, all or none; one change each (D9). The objects are the entities' own fields:
  /// `id`, `orgId` and the times are the world's, and Refused{invalid}; the others stay as they are spelled (T4). An
  /// Invoice without `status` becomes a draft.
  std::vector<Change> create(std::string_view org_id, Family family, const std::vector<SpelledObject>& fields,
                             Instant now);

  /// JSON of an entity as others may see it, in a push or in an answer: without the fields that the rules leave out
  /// (T3). The world itself keeps them, and the order of changes rests on them.
  std::string shown(const SpelledObject& entity) const;

  /// The whole entity with its header (T1, T3). Deleted ones are Refused{unknown}.
  const SpelledObject& entity(std::string_view org_id, Family family, std::string_view id) const;
  std::vector<const SpelledObject*> entities(std::string_view org_id, Family family) const;  ///< oldest first

  /// JSON Merge Patch. Nothing is returned, and nothing happened, when the patch changes nothing, not even a spelling.
  std::optional<Change> patch(std::string_view org_id, Family family, std::string_view id, const SpelledObject& patch,
                              Instant now);

  /// Deletes all or none. An Invoice that is no draft is Refused{conflict} (E5).
  std::vector<Change> remove(std::string_view org_id, Family family, const std::vector<std::string>& ids);

  /// Brings a deleted entity back under its id, with a later lastUpdatedAt (T6). Refused{conflict} if not deleted.
  Change restore(std::string_view org_id, Family family, std::string_view id, Instant now);

  /// An Event's archiving, an update of it that fires what the rules say (E11), shown as the sample field
  /// `sampleArchived`. Nothing happens when it is so already.
  std::optional<Change> set_archived(std::string_view org_id, std::string_view id, bool archived, Instant now);

  /// Forgets organizations and entities; new ids still differ from all before.
  void forget();

  std::string new_id(Instant now) { return uuids_.next(now); }

  /// The journal must outlive every later change.
  void report_to(WorldJournal& journal) { journal_ = &journal; }

  /// Go on after a restart with what a store kept, each in the order of making; the journal is not told.
  void restore_organization(Organization organization) { organizations_.push_back(std::move(organization)); }
  void restore_entity(KeptEntity entity);
  void resume_ids(std::uint64_t last_tick) { uuids_ = UuidV1{random_, last_tick}; }

  KeptEntity kept_entity(const std::string& id) const;  ///< deleted ones too; throws std::out_of_range if unknown
  std::uint64_t last_uuid_tick() const noexcept { return uuids_.last_tick(); }

 private:
  struct Entity {
    Family family = Family::calendar_event;
    std::string org_id;
    Instant updated_at{};
    bool deleted = false;
    SpelledObject body;
  };

  const Entity& find(std::string_view org_id, Family family, std::string_view id) const;
  Entity& find(std::string_view org_id, Family family, std::string_view id);
  static void require_living(const Entity& entity);
  Entity& living(std::string_view org_id, Family family, std::string_view id);
  Change touch(Entity& entity, Happening happening, Instant now);
  void tell(const std::string& id) const {
    if (journal_ != nullptr) journal_->entity_changed(id);
  }

  std::mt19937_64& random_;
  WorldRules rules_;
  UuidV1 uuids_;
  std::vector<Organization> organizations_;
  // Version 1 ids of one generator do not sort by age as text, so the age is kept beside.
  std::map<std::string, Entity, std::less<>> entities_;
  std::vector<std::string> by_age_;
  WorldJournal* journal_ = nullptr;
};

}  // namespace mock::world
