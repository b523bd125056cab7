#include "world/world.hpp"

#include <boost/test/unit_test.hpp>

#include "world/merge_patch.hpp"
#include "world/refused.hpp"

using boost::unit_test::label;
using namespace mock::world;
using namespace std::chrono_literals;

namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h + 300ms};

struct Stage {
  std::mt19937_64 random{11};
  World world{random};
  std::string org = world.add_organization("Opera", noon).id;

  std::string created(Family family, const SpelledObject& fields = {}) {
    return *world.create(org, family, {fields}, noon).front().entity_id;
  }
};

template <class Call>
void expect(Refusal why, Call call) {
  BOOST_CHECK_EXCEPTION(call(), Refused, [&](const Refused& refused) { return refused.why() == why; });
}

std::string text(const SpelledObject& entity, const char* key) {
  return entity.text_at(key).value();
}

std::string text(const std::string& entity, const char* key) {
  return text(SpelledObject::of(entity).value(), key);
}

SpelledObject object(std::string_view source) {
  return SpelledObject::of(spelled_json(source)).value();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(world, Stage)

BOOST_AUTO_TEST_CASE(organization_has_a_version_1_id_and_a_name, *label("T1")) {
  BOOST_TEST(world.organization(org).name == "Opera");
  BOOST_TEST(org.at(14) == '1');
  expect(Refusal::invalid, [&] { world.add_organization("", noon); });
  expect(Refusal::invalid, [&] { world.add_organization(std::string(201, 'x'), noon); });
  expect(Refusal::unknown, [&] { world.organization("nobody"); });
}

BOOST_AUTO_TEST_CASE(created_entity_carries_header_and_own_fields, *label("T1") * label("T3") * label("T4")) {
  const auto changes = world.create(org, Family::calendar_event, {object(R"({"title":"Aida","n":1})")}, noon);
  BOOST_REQUIRE(changes.size() == 1U);
  BOOST_TEST(changes[0].event == "event.created");
  BOOST_TEST(changes[0].org_id == org);
  const auto& data = changes[0].data;
  BOOST_TEST(text(data, "id") == *changes[0].entity_id);
  BOOST_TEST(text(data, "orgId") == org);
  BOOST_TEST(text(data, "createdAt") == "2026-11-24T12:00:00Z");
  BOOST_TEST(text(data, "lastUpdatedAt") == "2026-11-24T12:00:00Z");
  BOOST_TEST(text(data, "title") == "Aida");
  BOOST_TEST(data == world.entity(org, Family::calendar_event, *changes[0].entity_id).text());
}

BOOST_AUTO_TEST_CASE(each_change_of_each_family_has_its_webhook_event, *label("E1") * label("E2") * label("E3") *
                                                                           label("E4") * label("E5") * label("E6") *
                                                                           label("E7") * label("E8") * label("E9")) {
  struct Row {
    Family family;
    const char *created, *updated, *deleted;
  };
  const Row rows[] = {{Family::calendar_event, "event.created", "event.updated", "event.deleted"},
                      {Family::invoice, "invoice.created", "invoice.updated", "invoice.deleted"},
                      {Family::offer, "offer.created", "offer.updated", "offer.deleted"}};
  for (const auto& row : rows) {
    const auto made = world.create(org, row.family, {SpelledObject{}}, noon).front();
    BOOST_TEST(made.event == row.created);
    const auto patched = world.patch(org, row.family, *made.entity_id, object(R"({"note":"new"})"), noon);
    BOOST_TEST(patched.value().event == row.updated);
    BOOST_TEST(world.remove(org, row.family, {*made.entity_id}).front().event == row.deleted);
  }
}

BOOST_AUTO_TEST_CASE(invoice_without_status_is_a_draft, *label("E5")) {
  const auto& draft = world.entity(org, Family::invoice, created(Family::invoice));
  BOOST_TEST(text(draft, "status") == "draft");
  const auto& sent = world.entity(org, Family::invoice, created(Family::invoice, object(R"({"status":"sent"})")));
  BOOST_TEST(text(sent, "status") == "sent");
  BOOST_TEST(world.entity(org, Family::offer, created(Family::offer)).find("status") == nullptr);
}

BOOST_AUTO_TEST_CASE(header_fields_are_refused_and_nothing_of_the_bulk_is_created, *label("D9")) {
  for (const auto* field : {"id", "orgId", "createdAt", "lastUpdatedAt"}) {
    SpelledObject one;
    one.set_text(field, "x");
    expect(Refusal::invalid, [&] { world.create(org, Family::offer, {SpelledObject{}, one}, noon); });
  }
  BOOST_TEST(world.entities(org, Family::offer).empty());
}

BOOST_AUTO_TEST_CASE(bulk_gives_one_change_per_entity_in_order, *label("D9")) {
  const auto changes =
      world.create(org, Family::offer, {object(R"({"n":1})"), object(R"({"n":2})"), object(R"({"n":3})")}, noon);
  BOOST_REQUIRE(changes.size() == 3U);
  BOOST_TEST(object(changes[2].data).find("n")->compare("3") == 0);
  BOOST_TEST(world.entities(org, Family::offer).size() == 3U);
  BOOST_TEST(world.entities(org, Family::invoice).empty());
}

BOOST_AUTO_TEST_CASE(each_update_on_a_still_clock_is_a_second_later, *label("T3") * label("E9")) {
  const auto id = created(Family::offer);
  const auto first = world.patch(org, Family::offer, id, object(R"({"a":1})"), noon);
  BOOST_REQUIRE(first.has_value());
  BOOST_TEST(first->event == "offer.updated");
  BOOST_TEST(text(first->data, "lastUpdatedAt") == "2026-11-24T12:00:01Z");
  const auto second = world.patch(org, Family::offer, id, object(R"({"a":2})"), noon);
  BOOST_TEST(text(second->data, "lastUpdatedAt") == "2026-11-24T12:00:02Z");
  const auto later = world.patch(org, Family::offer, id, object(R"({"a":3})"), noon + 1h);
  BOOST_TEST(text(later->data, "lastUpdatedAt") == "2026-11-24T13:00:00Z");
  BOOST_TEST(text(later->data, "createdAt") == "2026-11-24T12:00:00Z");
}

BOOST_AUTO_TEST_CASE(patch_that_changes_nothing_fires_nothing, *label("E6")) {
  const auto id = created(Family::invoice, object(R"({"a":{"b":1}})"));
  BOOST_TEST(!world.patch(org, Family::invoice, id, object(R"({"a":{"b":1},"gone":null})"), noon).has_value());
  BOOST_TEST(text(world.entity(org, Family::invoice, id), "lastUpdatedAt") == "2026-11-24T12:00:00Z");
  expect(Refusal::invalid, [&] { world.patch(org, Family::invoice, id, object(R"({"id":"x"})"), noon); });
}

BOOST_AUTO_TEST_CASE(a_change_of_status_is_an_update, *label("E3") * label("E6") * label("E9")) {
  for (const auto family : families) {
    const auto id = created(family, object(R"({"status":"tentative"})"));
    const auto change = world.patch(org, family, id, object(R"({"status":"confirmed"})"), noon);
    BOOST_REQUIRE(change.has_value());
    BOOST_TEST(change->event == event_name(family, Happening::updated));
    BOOST_TEST(text(change->data, "status") == "confirmed");
  }
}

BOOST_AUTO_TEST_CASE(only_a_draft_invoice_can_be_deleted, *label("E5")) {
  const auto draft = created(Family::invoice);
  const auto sent = created(Family::invoice, object(R"({"status":"sent"})"));
  expect(Refusal::conflict, [&] { world.remove(org, Family::invoice, {draft, sent}); });
  BOOST_TEST(world.entities(org, Family::invoice).size() == 2U);
  const auto changes = world.remove(org, Family::invoice, {draft});
  BOOST_TEST(changes.at(0).event == "invoice.deleted");
  world.remove(org, Family::offer, {created(Family::offer, object(R"({"status":"sent"})"))});
}

BOOST_AUTO_TEST_CASE(deleted_carries_the_entity_as_last_known_and_is_gone, *label("E2") * label("T7")) {
  const auto id = created(Family::calendar_event, object(R"({"title":"Aida"})"));
  const auto before = world.entity(org, Family::calendar_event, id).text();
  const auto changes = world.remove(org, Family::calendar_event, {id});
  BOOST_TEST(changes.at(0).data == before);
  expect(Refusal::unknown, [&] { world.entity(org, Family::calendar_event, id); });
  expect(Refusal::unknown, [&] { world.patch(org, Family::calendar_event, id, {}, noon); });
  expect(Refusal::unknown, [&] { world.remove(org, Family::calendar_event, {id}); });
  BOOST_TEST(world.entities(org, Family::calendar_event).empty());
}

BOOST_AUTO_TEST_CASE(bulk_delete_is_all_or_nothing, *label("D9")) {
  const auto id = created(Family::offer);
  expect(Refusal::unknown, [&] { world.remove(org, Family::offer, {id, "nobody"}); });
  expect(Refusal::invalid, [&] { world.remove(org, Family::offer, {id, id}); });
  BOOST_TEST(world.entities(org, Family::offer).size() == 1U);
}

BOOST_AUTO_TEST_CASE(restored_entity_comes_back_with_a_later_time, *label("T6")) {
  const auto id = created(Family::offer);
  expect(Refusal::conflict, [&] { world.restore(org, Family::offer, id, noon); });
  world.remove(org, Family::offer, {id});
  const auto change = world.restore(org, Family::offer, id, noon);
  BOOST_TEST(change.event == "offer.created");
  BOOST_TEST(*change.entity_id == id);
  BOOST_TEST(text(change.data, "lastUpdatedAt") == "2026-11-24T12:00:01Z");
  BOOST_TEST(world.entities(org, Family::offer).size() == 1U);
}

BOOST_AUTO_TEST_CASE(archiving_and_unarchiving_are_updates_of_the_event, *label("E11")) {
  const auto id = created(Family::calendar_event);
  BOOST_TEST(!world.set_archived(org, id, false, noon).has_value());
  const auto archived = world.set_archived(org, id, true, noon);
  BOOST_TEST(archived.value().event == "event.updated");
  BOOST_TEST(*object(archived->data).find("sampleArchived") == "true");
  BOOST_TEST(!world.set_archived(org, id, true, noon).has_value());
  BOOST_TEST(*object(world.set_archived(org, id, false, noon).value().data).find("sampleArchived") == "false");
}

BOOST_AUTO_TEST_CASE(archiving_fires_what_is_chosen, *label("E11")) {
  for (const std::optional<std::string>& chosen : {std::optional<std::string>{}, std::optional{std::string{"a.b"}}}) {
    World other{random, {.archive_fires = chosen, .without_fields = {}}};
    const auto owner = other.add_organization("Ballet", noon).id;
    const auto id = *other.create(owner, Family::calendar_event, {{}}, noon).front().entity_id;
    const auto change = other.set_archived(owner, id, true, noon).value();
    BOOST_TEST(change.event == chosen.value_or(""));
    BOOST_TEST(change.happened == "event.updated");
    BOOST_TEST(text(change.data, "lastUpdatedAt") == "2026-11-24T12:00:01Z");
    const auto patched = other.patch(owner, Family::calendar_event, id, object(R"({"a":1})"), noon);
    BOOST_TEST(patched.value().event == "event.updated");
  }
}

BOOST_AUTO_TEST_CASE(fields_that_are_left_out_are_kept_inside, *label("T3") * label("T6")) {
  World other{random, {.archive_fires = {}, .without_fields = {"createdAt", "lastUpdatedAt"}}};
  const auto owner = other.add_organization("Ballet", noon).id;
  const auto made = other.create(owner, Family::offer, {object(R"({"a":1})")}, noon).front();
  const auto id = *made.entity_id;
  const auto whole = R"({"id":")" + id + R"(","orgId":")" + owner + R"(","a":1})";
  BOOST_TEST(made.data == whole);
  BOOST_TEST(other.remove(owner, Family::offer, {id}).front().data == whole);
  BOOST_TEST(other.restore(owner, Family::offer, id, noon).data == whole);
  const auto& kept = other.entity(owner, Family::offer, id);
  BOOST_TEST(other.shown(kept) == whole);
  BOOST_TEST(text(kept, "createdAt") == "2026-11-24T12:00:00Z");
  BOOST_TEST(text(kept, "lastUpdatedAt") == "2026-11-24T12:00:01Z");
  const auto sample = object(other.trigger(owner, "offer.updated", {}, noon).data);
  BOOST_TEST(sample.find("createdAt") == nullptr);
  BOOST_TEST(sample.find("orgId") != nullptr);
  const auto given = R"({"id":"x","createdAt":"then"})";
  BOOST_TEST(other.trigger(owner, "offer.updated", given, noon).data == given);
}

BOOST_AUTO_TEST_CASE(entities_belong_to_their_organization_and_family_only, *label("S1")) {
  const auto other = world.add_organization("Ballet", noon).id;
  const auto id = created(Family::offer);
  expect(Refusal::unknown, [&] { world.entity(other, Family::offer, id); });
  expect(Refusal::unknown, [&] { world.entity(org, Family::invoice, id); });
  expect(Refusal::unknown, [&] { world.create("nobody", Family::offer, {{}}, noon); });
}

BOOST_AUTO_TEST_CASE(trigger_takes_any_event_and_any_data, *label("E10") * label("D1")) {
  const auto change = world.trigger(org, "contract.signed", "[1,2]", noon);
  BOOST_TEST(change.event == "contract.signed");
  BOOST_TEST(!change.entity_id.has_value());
  BOOST_TEST(world.trigger(org, "offer.created", R"({"id":"x"})", noon).entity_id.value() == "x");
  expect(Refusal::invalid, [&] { world.trigger(org, "odd", "null", noon); });
  expect(Refusal::unknown, [&] { world.trigger("nobody", "a.b", "null", noon); });
}

BOOST_AUTO_TEST_CASE(trigger_without_data_sends_a_sample_of_the_organization, *label("T4")) {
  const auto change = world.trigger(org, "invoice.updated", std::nullopt, noon);
  BOOST_TEST(text(change.data, "orgId") == org);
  BOOST_TEST(text(change.data, "id") == change.entity_id.value());
  BOOST_TEST(object(change.data).find("sampleTitle") != nullptr);
}

BOOST_AUTO_TEST_CASE(merge_patch_follows_the_examples_of_the_rfc) {
  const struct {
    std::string_view target, patch, result;
  } rows[] = {
      {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
      {R"({"a":"b"})", R"({"a":null})", R"({})"},
      {R"({"a":"b","b":"c","d":1})", R"({"a":null})", R"({"b":"c","d":1})"},
      {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
      {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
      {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
      {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
      {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
      {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
  };
  for (const auto& row : rows) {
    BOOST_TEST(merge_patch(object(row.target), object(row.patch)).text() == row.result);
  }
}

BOOST_AUTO_TEST_CASE(own_fields_keep_their_spelling_through_every_change, *label("T4")) {
  const auto fields = R"("fee":1.10,"big":123456789012345678901,"huge":1e999,"half":"\ud800","slash":"\/")";
  const auto spelled = [&](const std::string& data) { return data.find(fields) != std::string::npos; };
  const auto made = world.create(org, Family::offer, {object('{' + std::string{fields} + '}')}, noon).front();
  const auto& id = *made.entity_id;
  BOOST_TEST(spelled(made.data));
  BOOST_TEST(spelled(world.patch(org, Family::offer, id, object(R"({"note":{"n":2.50}})"), noon).value().data));
  BOOST_TEST(world.entity(org, Family::offer, id).text().ends_with(R"("note":{"n":2.50}})"));
  BOOST_TEST(spelled(world.remove(org, Family::offer, {id}).front().data));
  BOOST_TEST(spelled(world.restore(org, Family::offer, id, noon).data));
  BOOST_TEST(world.trigger(org, "a.b", R"({"a":1.10,"a":2})", noon).data == R"({"a":1.10,"a":2})");
  BOOST_TEST(world.patch(org, Family::offer, id, object(R"({"fee":1.1})"), noon).has_value());
}

BOOST_AUTO_TEST_CASE(family_names_go_both_ways, *label("E1")) {
  for (const auto family : families) BOOST_TEST((family_of_plural(plural(family)) == family));
  BOOST_TEST(!family_of_plural("event").has_value());
  BOOST_TEST(event_name(Family::calendar_event, Happening::deleted) == "event.deleted");
}

BOOST_AUTO_TEST_SUITE_END()
