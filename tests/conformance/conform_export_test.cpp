// --export: the folder that is written, and what an earlier export left there.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "conform_run.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;
using namespace conformance_test;

namespace {

struct Export {
  test_support::TempFolder folder;
  std::string to = folder.file("vectors");

  Ran run(std::vector<std::string> more) const {
    more.insert(more.begin(), {"--export", to});
    return conform(more);
  }
  json::value read(const std::string& name) const {
    std::ifstream file(to + "/" + name, std::ios::binary);
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  std::string names() const {
    std::set<std::string> sorted;
    for (const auto& entry : std::filesystem::directory_iterator(to)) sorted.insert(entry.path().filename().string());
    std::string all;
    for (const auto& name : sorted) all += name + " ";
    return all;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(conform_export, Export)

BOOST_AUTO_TEST_CASE(pushes_carry_the_fields_of_recorded_entities, *utf::label("T4")) {
  std::ofstream(folder.file("event.json"))
      << R"({"event": "event.created", "data": {"id": "x", "createdAt": "x", "theirField": [1]}})";
  const auto ran = run({"--fixtures", folder.path().string(), "--org", "0d3f1a50-1dd2-11b2-8000-010203040506",
                        "--no-marker", "--only", "E1,D4-margin", "--seed", "3"});
  BOOST_TEST_INFO(ran.refusal);
  BOOST_TEST(ran.code == 0);
  BOOST_TEST(ran.out == "1 vectors, 1 cases left out (index.json says why); nothing was sent\n");
  const auto vector = read("E1-event-created.json");
  const auto body = json::parse(std::string(vector.at("requests").at(0).at("body").as_string()));
  const auto& data = body.at("data").as_object();
  BOOST_TEST(data.at("theirField").at(0) == 1);
  BOOST_TEST(data.at("orgId") == "0d3f1a50-1dd2-11b2-8000-010203040506");
  BOOST_TEST(data.at("createdAt") == "2026-01-05T10:00:01Z");
  BOOST_TEST(data.size() == 4u);
  BOOST_TEST(read("index.json").at("seed") == 3);
}

BOOST_AUTO_TEST_CASE(what_an_earlier_export_wrote_goes_and_nothing_else) {
  BOOST_TEST(run({"--only", "E1,E2"}).code == 0);
  std::ofstream(to + "/mine.json") << "{}";
  BOOST_TEST(run({"--only", "E2,E3"}).code == 0);
  BOOST_TEST(names() == "E2-event-deleted.json E3-event-updated.json index.json mine.json ");
}

BOOST_AUTO_TEST_CASE(an_index_of_somebody_else_is_left_alone) {
  std::filesystem::create_directory(to);
  std::ofstream(to + "/index.json") << R"({"files": ["mine.json"]})";
  const auto ran = run({"--only", "E1"});
  BOOST_TEST(ran.code == 2);
  BOOST_TEST(ran.refusal.find("index.json: no index of an earlier --export") != std::string::npos);
  BOOST_TEST(names() == "index.json ");
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_refused) {
  std::ofstream(to) << "a file";
  BOOST_TEST(run({"--only", "E1"}).code == 2);
}

BOOST_AUTO_TEST_SUITE_END()
