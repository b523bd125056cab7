#include <algorithm>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/input.hpp"
#include "api/routes.hpp"

namespace mock::api {
namespace {

namespace json = boost::json;
using world::Change;
using world::Family;

constexpr std::size_t bulk_max = 1000;

void fire_all(Desk& desk, const std::vector<Change>& changes) {
  for (const auto& change : changes) desk.fire(change);
}

std::string items_of(const std::vector<Change>& changes) {
  std::string items;
  for (const auto& change : changes) items += (items.empty() ? "" : ",") + change.data;
  return "{\"items\":[" + items + "]}";
}

void require_bulk(std::size_t count) {
  if (count < 1 || count > bulk_max) throw Error{422, "1 to 1000 at a time"};
}

Response create(Backend on, Family family, const Request& request, const std::string& org) {
  const auto body = read_spelled(request);
  const auto elements = world::elements_of(body);
  std::vector<world::SpelledObject> objects;
  if (!elements && !body.starts_with('{')) throw Error{422, "the body must be an object, or an array of objects"};
  if (elements) require_bulk(elements->size());
  for (const auto& one : elements.value_or(std::vector{body})) objects.push_back(unambiguous_object(one));
  const auto changes = on.engine.call([&] {
    auto made = on.desk.world().create(org, family, objects, on.desk.now());
    fire_all(on.desk, made);
    return made;
  });
  return json_text_response(201, elements ? items_of(changes) : changes.at(0).data);
}

// The page is made of the ids; in their places come the entities as they are spelled.
Response list(Backend on, Family family, const Request& request, const std::string& org) {
  const auto order = order_of(request);
  return json_text_response(200, on.engine.call([&] {
    auto page = page_of(request);
    auto entities = on.desk.world().entities(org, family);
    if (order == Order::newest_first) std::reverse(entities.begin(), entities.end());
    std::vector<Change> shown;
    for (const auto* entity : entities) {
      page.offer(entity->text_at("id").value(), true, [&] {
        shown.push_back({{}, {}, {}, on.desk.world().shown(*entity)});
        return json::object{};
      });
    }
    const auto next = json::serialize(page.finish().at("next"));
    auto text = items_of(shown);
    text.pop_back();
    return text + ",\"next\":" + next + '}';
  }));
}

Response show(Backend on, Family family, const Captures& path) {
  return json_text_response(200, on.engine.call([&] {
    const auto& world = on.desk.world();
    return world.shown(world.entity(path.at(0), family, path.at(1)));
  }));
}

// A change that changed nothing fires nothing: then the entity is answered as it stands.
Response changed(Backend on, Family family, const Captures& path,
                 const std::function<std::optional<Change>(world::World&)>& change) {
  return json_text_response(200, on.engine.call([&] {
    auto& world = on.desk.world();
    const auto made = change(world);
    if (!made) return world.shown(world.entity(path.at(0), family, path.at(1)));
    on.desk.fire(*made);
    return made->data;
  }));
}

Response patch(Backend on, Family family, const Request& request, const Captures& path) {
  const auto body = unambiguous_object(read_spelled(request));
  return changed(on, family, path,
                 [&](world::World& world) { return world.patch(path.at(0), family, path.at(1), body, on.desk.now()); });
}

std::vector<Change> remove(Backend on, Family family, const std::string& org, const std::vector<std::string>& ids) {
  return on.engine.call([&] {
    auto made = on.desk.world().remove(org, family, ids);
    fire_all(on.desk, made);
    return made;
  });
}

Response remove_many(Backend on, Family family, const Request& request, const std::string& org) {
  const auto ids = required_texts(read_object(request, {"ids"}), "ids");
  require_bulk(ids.size());
  return json_text_response(200, items_of(remove(on, family, org, ids)));
}

Response restore(Backend on, Family family, const Captures& path) {
  return changed(on, family, path, [&](world::World& world) -> std::optional<Change> {
    return world.restore(path.at(0), family, path.at(1), on.desk.now());
  });
}

Response archive(Backend on, const Captures& path, bool archived) {
  return changed(on, Family::calendar_event, path, [&](world::World& world) {
    return world.set_archived(path.at(0), path.at(1), archived, on.desk.now());
  });
}

void add_routes_of(Family family, Router& router, Backend on) {
  const auto all = "/v1/organizations/{org}/" + std::string{world::plural(family)};
  const auto one = all + "/{id}";
  router.add("POST", all,
             [=](const Request& request, const Captures& path) { return create(on, family, request, path.at(0)); });
  router.add("GET", all,
             [=](const Request& request, const Captures& path) { return list(on, family, request, path.at(0)); },
             {"order", "cursor", "limit"});
  router.add("POST", all + "/delete", [=](const Request& request, const Captures& path) {
    return remove_many(on, family, request, path.at(0));
  });
  router.add("GET", one, [=](const Request&, const Captures& path) { return show(on, family, path); });
  router.add("PATCH", one,
             [=](const Request& request, const Captures& path) { return patch(on, family, request, path); });
  router.add("DELETE", one, [=](const Request&, const Captures& path) {
    return json_text_response(200, remove(on, family, path.at(0), {path.at(1)}).at(0).data);
  });
  router.add("POST", one + "/restore", [=](const Request&, const Captures& path) { return restore(on, family, path); });
}

}  // namespace

void add_entity_routes(Router& router, Backend on) {
  for (const auto family : world::families) add_routes_of(family, router, on);
  router.add("POST", "/v1/organizations/{org}/events/{id}/archive",
             [on](const Request&, const Captures& path) { return archive(on, path, true); });
  router.add("POST", "/v1/organizations/{org}/events/{id}/unarchive",
             [on](const Request&, const Captures& path) { return archive(on, path, false); });
}

}  // namespace mock::api
