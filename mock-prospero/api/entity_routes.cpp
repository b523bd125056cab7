#include <algorithm>
#include <boost/json/array.hpp>
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

json::object items_of(const std::vector<Change>& changes) {
  json::array items;
  for (const auto& change : changes) items.push_back(change.data);
  return {{"items", std::move(items)}};
}

json::object one_object(json::value value) {
  if (!value.is_object()) throw Error{422, "the body must be an object, or an array of objects"};
  return std::move(value.get_object());
}

std::vector<json::object> objects_of(json::value body) {
  std::vector<json::object> objects;
  if (!body.is_array()) {
    objects.push_back(one_object(std::move(body)));
    return objects;
  }
  if (body.get_array().empty() || body.get_array().size() > bulk_max) throw Error{422, "1 to 1000 at a time"};
  for (auto& element : body.get_array()) objects.push_back(one_object(std::move(element)));
  return objects;
}

Response create(Backend on, Family family, const Request& request, const std::string& org) {
  auto body = read_json(request);
  const bool bulk = body.is_array();
  const auto objects = objects_of(std::move(body));
  const auto changes = on.engine.call([&] {
    auto made = on.desk.world().create(org, family, objects, on.desk.now());
    fire_all(on.desk, made);
    return made;
  });
  return json_response(201, bulk ? json::value(items_of(changes)) : changes.at(0).data);
}

Response list(Backend on, Family family, const Request& request, const std::string& org) {
  const auto order = order_of(request);
  return json_response(200, on.engine.call([&] {
    auto page = page_of(request);
    auto entities = on.desk.world().entities(org, family);
    if (order == Order::newest_first) std::reverse(entities.begin(), entities.end());
    for (const auto* entity : entities) {
      page.offer(std::string{entity->at("id").as_string()}, true, [&] { return *entity; });
    }
    return page.finish();
  }));
}

Response show(Backend on, Family family, const Captures& path) {
  return json_response(200, on.engine.call([&] { return on.desk.world().entity(path.at(0), family, path.at(1)); }));
}

// A change that changed nothing fires nothing: then the entity is answered as it stands.
Response changed(Backend on, Family family, const Captures& path,
                 const std::function<std::optional<Change>(world::World&)>& change) {
  return json_response(200, on.engine.call([&]() -> json::value {
    auto& world = on.desk.world();
    const auto made = change(world);
    if (!made) return world.entity(path.at(0), family, path.at(1));
    on.desk.fire(*made);
    return made->data;
  }));
}

Response patch(Backend on, Family family, const Request& request, const Captures& path) {
  const auto body = one_object(read_json(request));
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
  if (ids.empty() || ids.size() > bulk_max) throw Error{422, "'ids': 1 to 1000 at a time"};
  return json_response(200, items_of(remove(on, family, org, ids)));
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
             [=](const Request& request, const Captures& path) { return list(on, family, request, path.at(0)); });
  router.add("POST", all + "/delete", [=](const Request& request, const Captures& path) {
    return remove_many(on, family, request, path.at(0));
  });
  router.add("GET", one, [=](const Request&, const Captures& path) { return show(on, family, path); });
  router.add("PATCH", one,
             [=](const Request& request, const Captures& path) { return patch(on, family, request, path); });
  router.add("DELETE", one, [=](const Request&, const Captures& path) {
    return json_response(200, remove(on, family, path.at(0), {path.at(1)}).at(0).data);
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
