#include <prospero/webhooks/payload/entity.hpp>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <prospero/webhooks/payload/payload.hpp>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

constexpr std::string_view id_text = "5d1c3a70-c9f1-11ef-8f3a-0242ac120002";
constexpr std::string_view org_text = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

pw::Invoice invoice(std::string_view fields) {
  const std::string body =
      R"({"event":"invoice.updated","data":{"id":")" + std::string{id_text} + "\"" + std::string{fields} + "}}";
  const pw::ParseResult result = pw::parse(body);
  BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
  return std::get<pw::InvoiceUpdated>(*result).data();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(header)

BOOST_AUTO_TEST_CASE(header_is_typed, *label("T1") * label("T2") * label("T3")) {
  const pw::Invoice found = invoice(R"(,"orgId":")" + std::string{org_text} +
                                    R"(","createdAt":"2026-01-02T03:04:05Z","lastUpdatedAt":"2026-11-24T06:00:00Z")");
  BOOST_TEST(to_text(found.id()) == id_text);
  BOOST_TEST(found.id().version() == 1);
  BOOST_TEST(to_text(found.org_id().value()) == org_text);
  BOOST_TEST(to_text(found.created_at().value()) == "2026-01-02T03:04:05Z");
  BOOST_TEST(to_text(found.last_updated_at().value()) == "2026-11-24T06:00:00Z");
}

BOOST_AUTO_TEST_CASE(all_but_the_id_is_optional, *label("T3") * label("T7")) {
  const pw::Invoice found = invoice("");
  BOOST_TEST((found.header() ==
              pw::EntityHeader{
                  .id = pw::Uuid::from_text(id_text).value(), .org_id = {}, .created_at = {}, .last_updated_at = {}}));
}

BOOST_AUTO_TEST_CASE(a_deletion_needs_its_id_only, *label("T7")) {
  for (const std::string family : {"event", "invoice", "offer"}) {
    const std::string body = R"({"event":")" + family + R"(.deleted","data":{"id":")" + std::string{id_text} + R"("}})";
    const pw::ParseResult result = pw::parse(body);
    BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
    BOOST_TEST(to_text(pw::entity_id(*result).value()) == id_text);
  }
}

BOOST_AUTO_TEST_CASE(malformed_optional_members_are_absent_but_kept_in_the_fields, *label("T3")) {
  for (const std::string value :
       {"null", "7", "\"\"", "\"x\"", "[]", "{\"id\":1}", "\"2026-13-01T00:00:00Z\"", "true"}) {
    const pw::Invoice found =
        invoice(",\"orgId\":" + value + ",\"createdAt\":" + value + ",\"lastUpdatedAt\":" + value);
    BOOST_TEST(!found.org_id().has_value(), value);
    BOOST_TEST(!found.created_at().has_value(), value);
    BOOST_TEST(!found.last_updated_at().has_value(), value);
    BOOST_TEST((found.fields().at("orgId") == boost::json::parse(value)), value);
    BOOST_TEST((found.fields().at("lastUpdatedAt") == boost::json::parse(value)), value);
  }
}

BOOST_AUTO_TEST_CASE(repeated_optional_members_are_absent, *label("T3")) {
  const std::string time = "\"2026-01-02T03:04:05Z\"";
  const pw::Invoice found =
      invoice(",\"createdAt\":" + time + ",\"created\\u0041t\":" + time + ",\"lastUpdatedAt\":" + time +
              ",\"lastUpdatedAt\":null,\"orgId\":null,\"orgId\":\"" + std::string{org_text} + "\"");
  BOOST_TEST(!found.created_at().has_value());
  BOOST_TEST(!found.last_updated_at().has_value());
  BOOST_TEST(!found.org_id().has_value());
}

BOOST_AUTO_TEST_CASE(only_members_of_data_itself_count, *label("T3")) {
  const pw::Invoice found = invoice(
      R"(,"owner":{"orgId":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","id":1},"lines":[{"lastUpdatedAt":"2026-01-02T03:04:05Z","id":2}])");
  BOOST_TEST(!found.org_id().has_value());
  BOOST_TEST(!found.last_updated_at().has_value());
}

BOOST_AUTO_TEST_CASE(header_times_are_read_as_rfc_3339, *label("T2")) {
  BOOST_TEST(to_text(invoice(R"(,"lastUpdatedAt":"2026-11-24T07:00:00.5+01:00")").last_updated_at().value()) ==
             "2026-11-24T06:00:00.5Z");
}

BOOST_AUTO_TEST_CASE(other_fields_pass_untouched, *label("T4")) {
  const pw::Invoice found = invoice(R"(,"title":"Tosca","parts":[1,2.5,null,true],"deep":{"a":{"b":"c"}})");
  BOOST_TEST(found.fields().at("title").as_string() == "Tosca");
  BOOST_TEST((found.fields().at("parts") == boost::json::value{1, 2.5, nullptr, true}));
  BOOST_TEST(found.fields().at("deep").at("a").at("b").as_string() == "c");
  BOOST_TEST(found.fields().at("id").as_string() == id_text);
}

BOOST_AUTO_TEST_CASE(copies_share_the_bytes_and_outlive_the_original, *label("T4")) {
  std::optional<pw::Invoice> original = invoice(R"(,"title":"Tosca")");
  BOOST_TEST(original->fields().size() == 2u);
  const pw::Invoice copy = *original;
  BOOST_TEST(copy.json().body() == original->json().body());
  BOOST_TEST(&copy.fields() != &original->fields());
  const pw::Invoice moved = std::move(*original);
  BOOST_TEST(moved.fields().at("title").as_string() == "Tosca");
  original.reset();
  BOOST_TEST(copy.fields().at("title").as_string() == "Tosca");
}

BOOST_AUTO_TEST_SUITE_END()
