// Whatever a push means and however it is spelled, parse() gives back what was meant.
#include <prospero/webhooks/payload/payload.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

#include "random_push.hpp"

namespace pw = prospero::webhooks;
using boost::unit_test::label;

namespace {

constexpr std::uint64_t seeds = 4000;

// Limits that no random push reaches but in depth.
constexpr pw::ParseLimits roomy{.bytes_max = std::size_t{1} << 28};

const pw::RawJson& data_of(const pw::AnyPayload& payload) {
  const pw::Entity* const entity = pw::entity(payload);
  return entity ? entity->json() : std::get<pw::UnknownPayload>(payload).json();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(property, *label("D1"))

BOOST_AUTO_TEST_CASE(random_pushes_come_back_as_they_were_meant,
                     *label("T1") * label("T3") * label("T4") * label("E10")) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const random_push::Push push = random_push::make(seed);
    BOOST_TEST_CONTEXT("seed " << seed << ", body " << push.body.substr(0, 2000)) {
      const pw::ParseResult result = pw::parse(push.body, roomy);
      BOOST_TEST_REQUIRE(result.has_value(), result.error().message());
      BOOST_TEST(pw::event_name(*result) == push.event_name);
      BOOST_TEST(*pw::body(*result) == push.body);
      BOOST_TEST(data_of(*result).text() == push.data_text);
      BOOST_TEST((data_of(*result).value() == push.data));
      const pw::EntityHeader* const header = pw::header(*result);
      BOOST_TEST((header != nullptr) == push.header.has_value());
      if (header && push.header) BOOST_TEST((*header == *push.header));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_push_cut_anywhere_is_incomplete) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const random_push::Push push = random_push::make(seed);
    if (push.body.size() > 2000) continue;
    const std::size_t end = push.body.rfind('}');
    for (std::size_t size = 0; size <= end; ++size) {
      const pw::ParseError error = pw::parse(push.body.substr(0, size), roomy).error();
      const bool in_a_sequence = error.errc() == pw::PayloadErrc::invalid_utf8 && error.offset() + 4 > size;
      const bool told = error.errc() == pw::PayloadErrc::incomplete && error.offset() == size;
      if (!told && !in_a_sequence) BOOST_ERROR("seed " << seed << " cut to " << size << ": " << error.message());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
