#include "contenders.hpp"

#include <benchmark/benchmark.h>
#include <rapidjson/document.h>
#include <simdjson.h>

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>
#include <prospero/webhooks/payload/payload.hpp>
#include <stdexcept>

namespace bench {
namespace {

namespace pw = prospero::webhooks;
using Body = std::shared_ptr<const std::string>;

void require(bool parsed) {
  if (!parsed) throw std::runtime_error{"a parser refused a body of the benchmark"};
}

Parse our_header(Body body) {
  return [body] {
    const pw::ParseResult push = pw::parse(body);
    require(push.has_value());
    benchmark::DoNotOptimize(pw::header(*push)->last_updated_at);
  };
}

Parse our_fields(Body body) {
  return [body] {
    const pw::ParseResult push = pw::parse(body);
    require(push.has_value());
    benchmark::DoNotOptimize(pw::entity(*push)->fields().size());
  };
}

Parse boost_default(Body body) {
  return [body] {
    const boost::json::value value = boost::json::parse(*body);
    benchmark::DoNotOptimize(value.as_object().size());
  };
}

// With a first buffer that the caller keeps, large enough for all sizes measured.
Parse boost_monotonic(Body body) {
  return [body, room = std::vector<unsigned char>(4 * body->size() + 4096)]() mutable {
    boost::json::monotonic_resource memory{room.data(), room.size()};
    const boost::json::value value = boost::json::parse(*body, &memory);
    benchmark::DoNotOptimize(value.as_object().size());
  };
}

Parse nlohmann(Body body) {
  return [body] {
    const nlohmann::json value = nlohmann::json::parse(*body);
    benchmark::DoNotOptimize(value.size());
  };
}

// Told to check UTF-8, as all others do unasked.
Parse rapidjson(Body body) {
  return [body] {
    ::rapidjson::Document value;
    value.Parse<::rapidjson::kParseValidateEncodingFlag>(body->data(), body->size());
    require(!value.HasParseError());
    benchmark::DoNotOptimize(value.MemberCount());
  };
}

// The parser and the padded copy of the text are made once: its best case.
Parse simdjson(Body body) {
  return [text = std::make_shared<::simdjson::padded_string>(*body),
          parser = std::make_shared<::simdjson::dom::parser>()] {
    ::simdjson::dom::element value;
    require(parser->parse(*text).get(value) == ::simdjson::SUCCESS);
    benchmark::DoNotOptimize(value);
  };
}

}  // namespace

const std::vector<Contender>& contenders() {
  static const std::vector<Contender> all{
      {ours, our_header},          {ours_dom, our_fields},
      {boost_json, boost_default}, {"Boost.JSON, monotonic", boost_monotonic},
      {"nlohmann", nlohmann},      {"RapidJSON", rapidjson},
      {simdjson_dom, simdjson},
  };
  return all;
}

std::string versions() {
#ifdef __clang__
  const std::string compiler = "clang " __clang_version__;
#else
  const std::string compiler = "g++ " __VERSION__;
#endif
  return "compiler " + compiler + "\nBoost " BOOST_LIB_VERSION ", nlohmann " +
         std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." + std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
         std::to_string(NLOHMANN_JSON_VERSION_PATCH) + ", RapidJSON " RAPIDJSON_VERSION_STRING ", simdjson " +
         SIMDJSON_STRINGIFY(SIMDJSON_VERSION) + " (" + ::simdjson::get_active_implementation()->name() + ")\n";
}

}  // namespace bench
