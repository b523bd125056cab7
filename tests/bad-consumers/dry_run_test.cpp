// What --dry-run counts is what a consumer then sees.
#include "conformance/dry_run.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string>

#include "catalogue.hpp"
#include "cli/conform_network.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;
using namespace bad_consumers;
using namespace mock::conformance;

namespace {

struct Counted {
  std::size_t foretold = 0, seen = 0;
};

// A right consumer, which counts each request of which anything came.
Counted count(bool plain, bool disruptive) {
  const test_support::CertificateAuthority authority;
  const test_support::TempFolder folder;
  std::atomic<std::size_t> seen = 0;
  auto options = right(authority);
  options.plain = plain;
  options.answer = [&, answer = options.answer](const Request& request) {
    ++seen;
    return answer(request);
  };
  options.on_broken = [&](long) { ++seen; };
  auto server = std::make_unique<BadServer>(std::move(options));

  mock::cli::ConformFlags flags;
  flags.url =
      (plain ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(server->port()) + BadConsumer::secret_path;
  flags.network.ca_files = {test_support::write_pem(folder.file("ca.pem"), authority.pem())};
  flags.network.allow_local = true;
  flags.network.allow_http = plain;
  flags.selection.skip = {"D4-sustained"};  // ten seconds of the same
  auto plan = mock::cli::plan_of(flags);
  mock::cli::set_target(plan, flags.url, flags);
  plan.disruptive = disruptive;
  Counted counted{dry_run(plan).requests, 0};
  mock::cli::ConformNetwork network(flags.url, flags.network, [] { return false; });
  const auto report = run(plan, network.access(), [](const CaseResult&) {});
  BOOST_TEST(summarize(report).failed == 0u);
  server.reset();  // waits until it has read all that was sent
  counted.seen = seen;
  return counted;
}

void check(bool plain, bool disruptive) {
  const auto counted = count(plain, disruptive);
  BOOST_TEST(counted.foretold == counted.seen);
  BOOST_TEST(counted.seen > 50u);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dry_run_counts)

BOOST_AUTO_TEST_CASE(what_a_consumer_sees_over_https, *utf::label("D7")) {
  check(false, true);
}

BOOST_AUTO_TEST_CASE(what_a_consumer_sees_over_https_without_disruption, *utf::label("D7")) {
  check(false, false);
}

BOOST_AUTO_TEST_CASE(what_a_consumer_sees_over_http) {
  check(true, true);
}

BOOST_AUTO_TEST_CASE(what_a_consumer_sees_over_http_without_disruption) {
  check(true, false);
}

BOOST_AUTO_TEST_SUITE_END()
