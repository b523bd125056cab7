// The suite as the server runs it, against a consumer on a real port over real TLS.
#include "cli/network_suite.hpp"

#include <httplib.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

#include "conformance/verdict.hpp"
#include "tls_consumer.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;
using mock::api::SuiteWish;
using mock::cli::NetworkFlags;
using mock::cli::NetworkSuite;

namespace {

constexpr auto org = "0b6d3f1a-9c1e-11f0-8de9-0242ac120002";

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool never() {
  return false;
}

struct Server {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  NetworkFlags flags;
  std::atomic<int> taken = 0;
  TlsConsumer consumer{authority.issue(), [this](TlsConsumer&, const httplib::Request& request, httplib::Response&) {
                         if (mentions(request.body, org)) ++taken;
                       }};

  Server() {
    flags.ca_files = {test_support::write_pem(folder.file("ca.pem"), authority.pem())};
    flags.allow_local = true;
    flags.keep_alive = true;
  }

  SuiteWish wish() const {
    SuiteWish wish;
    wish.url = consumer.url();
    wish.org_id = org;
    wish.events = {"invoice.created", "invoice.updated"};
    wish.only = {"D3-exactly-200", "E4", "D2-charset"};
    wish.seed = 7;
    return wish;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(network_suite)

BOOST_AUTO_TEST_CASE(judges_with_the_flags_of_the_server, *utf::label("D7")) {
  Server server;
  const NetworkSuite suite(server.flags);
  const auto ready = suite.prepare(server.wish());
  BOOST_TEST(ready.plan.disruptive);  // on loopback everything may run
  const auto report = suite.run(
      ready.plan, [](const CaseResult&) {}, never);
  BOOST_TEST(summarize(report).passed == 3u);
  BOOST_TEST(!report.full);
  BOOST_TEST(report.seed == 7u);
  BOOST_TEST(server.taken == 5);  // one more before and after, to see whether the consumer is there
  BOOST_TEST(mentions(limits_text(report, ready.context), "--allow-local, --only, --events"));
  BOOST_TEST(mentions(ready.context.repeat_flags, " --seed 7 --ca "));
  BOOST_TEST(mentions(ready.context.repeat_flags, std::string(" --org ") + org));
  BOOST_TEST(!mentions(report.target, "/hook"));
}

BOOST_AUTO_TEST_CASE(an_untrusted_certificate_is_a_failure, *utf::label("D7")) {
  Server server;
  server.flags.ca_files = {
      test_support::write_pem(server.folder.file("other.pem"), test_support::CertificateAuthority().pem())};
  const NetworkSuite suite(server.flags);
  const auto report = suite.run(
      suite.prepare(server.wish()).plan, [](const CaseResult&) {}, never);
  BOOST_TEST((exit_code(report) == ExitCode::failed));
}

BOOST_AUTO_TEST_CASE(a_url_that_the_policy_no_longer_allows_is_refused, *utf::label("D6")) {
  Server server;
  server.flags.allow_local = false;
  const NetworkSuite suite(server.flags);
  BOOST_CHECK_EXCEPTION(suite.prepare(server.wish()), std::invalid_argument,
                        [](const auto& error) { return mentions(error.what(), "--allow-local"); });
}

BOOST_AUTO_TEST_CASE(an_interrupt_in_the_middle_gives_the_report_so_far) {
  Server server;
  const NetworkSuite suite(server.flags);
  std::atomic<bool> enough = false;
  const auto report = suite.run(
      suite.prepare(server.wish()).plan, [&](const CaseResult&) { enough = true; }, [&] { return enough.load(); });
  BOOST_TEST(report.interrupted);
  BOOST_TEST(summarize(report).passed == 1u);
  BOOST_TEST(summarize(report).skipped == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
