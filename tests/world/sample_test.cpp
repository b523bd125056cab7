#include "world/sample.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "shape.hpp"
#include "world/date_time.hpp"

namespace json = boost::json;
namespace world = mock::world;
using namespace std::chrono_literals;
using boost::unit_test::label;
using world_test::has_shape;

namespace {

constexpr world::Instant at{std::chrono::sys_days{std::chrono::year{2026} / 2 / 28} + 9h + 5min + 7s + 89999us};

json::object sample(std::string_view event, std::uint64_t seed = 3) {
  std::mt19937_64 random{seed};
  return world::make_sample(event, {"11111111-1111-11f1-8111-111111111111", "org", at}, random);
}

std::string text(const json::object& entity, const char* key) {
  return std::string{entity.at(key).as_string()};
}

constexpr const char* names[] = {"event.created",
                                 "event.deleted",
                                 "event.updated",
                                 "invoice.created",
                                 "invoice.deleted",
                                 "invoice.updated",
                                 "offer.created",
                                 "offer.deleted",
                                 "offer.updated",
                                 "contract.signed",
                                 "odd"};

}  // namespace

BOOST_AUTO_TEST_SUITE(sample_entity)

BOOST_AUTO_TEST_CASE(date_times_are_cut_to_their_unit, *label("T2")) {
  BOOST_TEST(world::date_time_text(at) == "2026-02-28T09:05:07Z");
  BOOST_TEST(world::milli_time_text(at) == "2026-02-28T09:05:07.089Z");
  BOOST_TEST(world::date_text(at) == "2026-02-28");
  BOOST_TEST(world::time_text(at) == "09:05:07");
  BOOST_TEST(world::milli_time_text(world::Instant{-1us}) == "1969-12-31T23:59:59.999Z");
}

BOOST_DATA_TEST_CASE(every_sample_has_the_header_and_else_only_marked_fields, boost::unit_test::data::make(names)) {
  const auto entity = ::sample(sample);
  BOOST_TEST(text(entity, "id") == "11111111-1111-11f1-8111-111111111111");
  BOOST_TEST(text(entity, "orgId") == "org");
  BOOST_TEST(text(entity, "lastUpdatedAt") == "2026-02-28T09:05:07Z");
  BOOST_TEST(has_shape(text(entity, "createdAt"), world_test::date_time_shape));
  BOOST_TEST(text(entity, "createdAt") <= text(entity, "lastUpdatedAt"));
  std::size_t marked = 0;
  for (const auto& field : entity) marked += field.key().starts_with("sample") ? 1 : 0;
  BOOST_TEST(marked >= 1U);
  BOOST_TEST(entity.size() == marked + 4);
}

BOOST_AUTO_TEST_CASE(created_entity_was_updated_last_when_it_was_created, *label("T3")) {
  const auto created = sample("invoice.created");
  BOOST_TEST(text(created, "createdAt") == text(created, "lastUpdatedAt"));
  const auto updated = sample("invoice.updated");
  BOOST_TEST(text(updated, "createdAt") < text(updated, "lastUpdatedAt"));
}

BOOST_AUTO_TEST_CASE(sample_event_tells_what_the_help_pages_tell, *label("T4")) {
  const auto event = sample("event.updated");
  BOOST_TEST(event.contains("sampleTitle"));
  BOOST_TEST(has_shape(text(event, "sampleStart"), world_test::date_time_shape));
  BOOST_TEST(text(event, "sampleStart") < text(event, "sampleEnd"));
  BOOST_TEST(event.contains("sampleStatus"));
}

BOOST_AUTO_TEST_CASE(samples_show_lone_dates_and_times, *label("T2")) {
  const auto offer = sample("offer.created");
  BOOST_TEST(has_shape(text(offer, "sampleDate"), "dddd-dd-dd"));
  BOOST_TEST(has_shape(text(offer, "sampleTime"), "dd:dd:dd"));
}

BOOST_AUTO_TEST_CASE(equal_seeds_give_equal_samples) {
  BOOST_TEST(json::serialize(sample("event.created", 5)) == json::serialize(sample("event.created", 5)));
  BOOST_TEST(json::serialize(sample("event.created", 5)) != json::serialize(sample("event.created", 6)));
}

BOOST_AUTO_TEST_CASE(body_is_event_and_data_and_nothing_else, *label("D1")) {
  BOOST_TEST(world::make_body("offer.created", json::object{{"id", "x"}, {"n", 1}}) ==
             R"({"event":"offer.created","data":{"id":"x","n":1}})");
  BOOST_TEST(world::make_body("a\"b.c", json::value(nullptr)) == R"({"event":"a\"b.c","data":null})");
}

BOOST_AUTO_TEST_SUITE_END()
