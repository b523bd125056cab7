// Replays tests/vectors; what a file's name means is told in its README.
#include <prospero/webhooks/payload/payload.hpp>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace fs = std::filesystem;
namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::PayloadErrc;

namespace {

struct Vector {
  std::string name;  ///< without the ending
  std::string body;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  BOOST_TEST_REQUIRE(stream.good(), "cannot open " << file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<Vector> vectors(std::string_view prefix) {
  std::vector<Vector> found;
  for (const auto& entry : fs::directory_iterator(VECTORS_DIR)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || !name.starts_with(prefix)) continue;
    found.push_back({name, bytes_of(entry.path())});
  }
  return found;
}

const std::map<std::string, PayloadErrc, std::less<>>& codes() {
  static const std::map<std::string, PayloadErrc, std::less<>> all{
      {"too_deep", PayloadErrc::too_deep},
      {"syntax", PayloadErrc::syntax},
      {"incomplete", PayloadErrc::incomplete},
      {"trailing_bytes", PayloadErrc::trailing_bytes},
      {"byte_order_mark", PayloadErrc::byte_order_mark},
      {"invalid_utf8", PayloadErrc::invalid_utf8},
      {"not_an_object", PayloadErrc::not_an_object},
      {"event_missing", PayloadErrc::event_missing},
      {"event_repeated", PayloadErrc::event_repeated},
      {"event_not_a_string", PayloadErrc::event_not_a_string},
      {"data_missing", PayloadErrc::data_missing},
      {"data_repeated", PayloadErrc::data_repeated},
      {"data_not_an_object", PayloadErrc::data_not_an_object},
      {"id_missing", PayloadErrc::id_missing},
      {"id_repeated", PayloadErrc::id_repeated},
      {"id_not_a_string", PayloadErrc::id_not_a_string},
      {"id_not_a_uuid", PayloadErrc::id_not_a_uuid},
  };
  return all;
}

/// "n_CODE-OFFSET-WHAT" taken apart.
struct Verdict {
  std::string code;
  std::size_t offset;
};

Verdict verdict_of(const std::string& name) {
  const std::size_t first = name.find('-');
  const std::size_t second = name.find('-', first + 1);
  BOOST_TEST_REQUIRE(second != std::string::npos, name << " is not of the form n_CODE-OFFSET-WHAT");
  return {name.substr(2, first - 2), std::stoul(name.substr(first + 1, second - first - 1))};
}

constexpr double infinity = std::numeric_limits<double>::infinity();

/// An i_ vector: the code it is refused with, or the DOM of its `data`.
struct Pinned {
  std::string_view name;
  std::optional<PayloadErrc> code;
  boost::json::value data;
  std::string_view reason;
};

std::vector<Pinned> pinned() {
  constexpr std::string_view cut = "JSON.stringify writes it for a cut emoji: a push must not be lost";
  constexpr std::string_view number = "RFC 8259 sets no range for numbers; the raw bytes keep the value";
  const boost::json::value named{{"\xEF\xBF\xBD", 1}, {"id", "5d1c3a70-c9f1-11ef-8f3a-0242ac120002"}};
  return {
      {"i_lone_leading_surrogate", {}, "cut \xEF\xBF\xBD", cut},
      {"i_lone_trailing_surrogate", {}, "\xEF\xBF\xBD tail", cut},
      {"i_surrogates_reversed", {}, "\xEF\xBF\xBD\xEF\xBF\xBD", cut},
      {"i_surrogate_in_a_name", {}, named, cut},
      {"i_exponent_beyond_int", {}, infinity, number},
      {"i_negative_exponent_beyond_int", {}, -0.0, number},
      {"i_zero_with_huge_exponent", {}, 0.0, number},
      {"i_double_overflow", {}, infinity, number},
      {"i_double_underflow", {}, -0.0, number},
      {"i_integer_of_400_digits", {}, infinity, number},
      {"i_integer_beyond_64_bits", {}, 18446744073709551616.0, number},
      {"i_depth_65", PayloadErrc::too_deep, {}, "RFC 8259 allows a limit on depth; ours is 64 unless told"},
  };
}

const boost::json::value& dom_of_data(const pw::AnyPayload& payload) {
  const pw::Entity* const found = pw::entity(payload);
  return found ? found->json().value() : std::get<pw::UnknownPayload>(payload).data();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vectors_of_our_own, *label("D1"))

BOOST_AUTO_TEST_CASE(y_vectors_are_accepted) {
  const std::vector<Vector> all = vectors("y_");
  BOOST_TEST(all.size() > 30u);
  for (const Vector& one : all) {
    BOOST_TEST_CONTEXT(one.name) {
      const pw::ParseResult result = pw::parse(one.body);
      BOOST_TEST(result.has_value(), result.error().message());
      if (result) BOOST_TEST(*pw::body(*result) == one.body);
    }
  }
}

BOOST_AUTO_TEST_CASE(n_vectors_are_refused_as_their_names_say) {
  std::map<std::string, int, std::less<>> seen;
  for (const Vector& one : vectors("n_")) {
    BOOST_TEST_CONTEXT(one.name) {
      const Verdict verdict = verdict_of(one.name);
      ++seen[verdict.code];
      BOOST_TEST_REQUIRE(codes().contains(verdict.code));
      const pw::ParseResult result = pw::parse(one.body);
      BOOST_TEST(result.has_error());
      BOOST_TEST(result.error().code().message() == make_error_code(codes().at(verdict.code)).message());
      BOOST_TEST(result.error().offset() == verdict.offset);
    }
  }
  for (const auto& [name, code] : codes()) BOOST_TEST(seen.contains(name), "no vector for " << name);
}

BOOST_AUTO_TEST_CASE(i_vectors_are_pinned_with_a_reason) {
  std::map<std::string_view, const Pinned*> table;
  const std::vector<Pinned> rows = pinned();
  for (const Pinned& row : rows) table[row.name] = &row;
  for (const Vector& one : vectors("i_")) {
    BOOST_TEST_CONTEXT(one.name) {
      const auto row = table.extract(one.name);
      BOOST_TEST_REQUIRE(!row.empty(), "no row in pinned()");
      const Pinned& want = *row.mapped();
      const pw::ParseResult result = pw::parse(one.body);
      BOOST_TEST(result.has_value() != want.code.has_value(), want.reason);
      if (want.code) BOOST_TEST((result.error().errc() == want.code), result.error().message());
      if (result)
        BOOST_TEST(boost::json::serialize(dom_of_data(*result)) == boost::json::serialize(want.data), want.reason);
    }
  }
  for (const auto& [name, row] : table) BOOST_ERROR("no vector for the row " << name);
}

BOOST_AUTO_TEST_SUITE_END()
