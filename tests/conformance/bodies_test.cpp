#include "conformance/bodies.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

namespace utf = boost::unit_test;
namespace json = boost::json;
using mock::conformance::Bodies;

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(same_seed_and_case_give_same_bytes) {
  Bodies one(7, "D3-exactly-200"), again(7, "D3-exactly-200"), other_seed(8, "D3-exactly-200"),
      other_case(7, "D4-burst");
  for (int i = 0; i < 5; ++i) {
    const auto body = one.ordinary("event.created");
    BOOST_TEST(body == again.ordinary("event.created"));
    BOOST_TEST(body != other_seed.ordinary("event.created"));
    BOOST_TEST(body != other_case.ordinary("event.created"));
  }
}

BOOST_AUTO_TEST_CASE(every_body_is_a_marked_push_about_an_entity_of_its_own, *utf::label("D1") * utf::label("T1")) {
  Bodies bodies(7, "a case");
  std::set<std::string> ids;
  for (const auto& body : {bodies.ordinary("offer.updated"), bodies.unicode("offer.updated"),
                           bodies.unicode_escaped("offer.updated"), bodies.data_first("offer.updated"),
                           bodies.large("offer.updated", 1000), bodies.ordinary("rehearsal.created")}) {
    const auto parsed = json::parse(body).as_object();
    BOOST_TEST(parsed.size() == 2u);
    BOOST_TEST(parsed.at("event").is_string());
    const auto& data = parsed.at("data").as_object();
    BOOST_TEST(data.at("sampleMarker") == "mock-prospero conform");
    const std::string id(data.at("id").as_string());
    BOOST_TEST(id.size() == 36u);
    BOOST_TEST(id[14] == '1');
    BOOST_TEST(ids.insert(id).second);
  }
}

BOOST_AUTO_TEST_CASE(one_run_is_about_one_organization, *utf::label("S1")) {
  Bodies one(7, "D3-exactly-200"), other(7, "D4-burst"), other_run(8, "D4-burst");
  const auto org_of = [](const std::string& body) { return json::parse(body).at("data").at("orgId"); };
  const auto org = org_of(one.ordinary("event.created"));
  BOOST_TEST(org == org_of(other.ordinary("invoice.updated")));
  BOOST_TEST(org != org_of(other_run.ordinary("invoice.updated")));
}

BOOST_AUTO_TEST_CASE(both_spellings_of_unicode_are_the_same_text, *utf::label("D1")) {
  Bodies raw(7, "a case"), escaped(7, "a case");
  const auto utf8 = raw.unicode("event.created");
  const auto ascii = escaped.unicode_escaped("event.created");
  BOOST_TEST(std::ranges::any_of(utf8, [](char c) { return static_cast<unsigned char>(c) >= 0xf0; }));
  BOOST_TEST(std::ranges::all_of(ascii, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  BOOST_TEST(json::parse(utf8) == json::parse(ascii));
}

BOOST_AUTO_TEST_CASE(the_order_of_members_and_the_size_are_as_asked) {
  Bodies bodies(7, "a case");
  BOOST_TEST(bodies.data_first("event.created").starts_with(R"({"data":{)"));
  BOOST_TEST(bodies.ordinary("event.created").starts_with(R"({"event":"event.created","data":{)"));
  BOOST_TEST(bodies.large("event.created", 5000).size() > 5000u);
}

BOOST_AUTO_TEST_SUITE_END()
