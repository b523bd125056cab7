// The real suite, over the real transport and real TLS: bad consumers are failed by name, a good one passes.
#include <httplib.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "conformance/asio_loop.hpp"
#include "conformance/wire_client.hpp"
#include "scripted_consumer.hpp"
#include "tls_consumer.hpp"
#include "transport/transport.hpp"

namespace utf = boost::unit_test;
using namespace conformance_test;
using namespace mock::conformance;
using namespace std::chrono_literals;

namespace {

constexpr int runs_at_most = 4;

struct Consumers {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  std::string ca_file = test_support::write_pem(folder.file("ca.pem"), authority.pem());

  Report judge_once(const std::string& url) const {
    boost::asio::io_context io;
    const auto lookup = mock::transport::make_cares_lookup(io);
    mock::transport::TransportOptions options;
    options.policy.allow_local = true;
    options.ca_files = {ca_file};
    mock::transport::HttpTransport transport(io, *lookup, options);
    AsioLoop loop(io);
    WireClient wire(url, *lookup, loop, options);
    auto plan = plan_of({.only = {}, .skip = {"D4-sustained"}, .events = {}});
    plan.target.url = url;
    plan.lifted = true;
    return run(plan, {transport, loop, wire}, [](const CaseResult&) {});
  }

  // On a machine so busy that the tester could not judge, it says so and is asked again.
  Report judge(const std::string& url) const {
    auto report = judge_once(url);
    for (int i = 1; i < runs_at_most && exit_code(report) == ExitCode::not_judged; ++i) {
      report = judge_once(url);
    }
    return report;
  }
};

TlsConsumer::Handler always(int status) {
  return [status](TlsConsumer&, const httplib::Request&, httplib::Response& response) { response.status = status; };
}

void check_failed_by(const Report& report, const std::string& ids) {
  BOOST_TEST(ids_with(report, Status::failed) == ids);
  BOOST_TEST((exit_code(report) == ExitCode::failed));
  BOOST_TEST(!report.full);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consumers_over_tls, Consumers)

BOOST_AUTO_TEST_CASE(a_good_one_passes_every_case, *utf::label("D3") * utf::label("D4") * utf::label("E10")) {
  TlsConsumer consumer(authority.issue(), always(200));
  const auto report = judge(consumer.url());
  BOOST_TEST(ids_with(report, Status::failed) == "");
  BOOST_TEST((exit_code(report) == ExitCode::held));
}

BOOST_AUTO_TEST_CASE(one_that_answers_201_is_failed_by_name, *utf::label("D3")) {
  TlsConsumer consumer(authority.issue(), always(201));
  check_failed_by(judge(consumer.url()), "D3-exactly-200");
}

BOOST_AUTO_TEST_CASE(one_that_redirects_to_a_good_path_is_failed_by_name, *utf::label("D3")) {
  TlsConsumer consumer(authority.issue(),
                       [](TlsConsumer&, const httplib::Request& request, httplib::Response& response) {
                         if (!request.path.ends_with("/")) response.set_redirect("/hook/secret/", 307);
                       });
  check_failed_by(judge(consumer.url()), "D3-exactly-200");
}

BOOST_AUTO_TEST_CASE(one_that_answers_after_5_2_s_is_failed_by_name, *utf::label("D4")) {
  TlsConsumer consumer(authority.issue(), [](TlsConsumer& self, const httplib::Request&, httplib::Response& response) {
    self.pause(5200ms);
    response.status = 200;
  });
  check_failed_by(judge(consumer.url()), "D4-in-time");
}

BOOST_AUTO_TEST_CASE(one_that_nobody_vouches_for_is_failed_by_name, *utf::label("D1") * utf::label("D7")) {
  TlsConsumer consumer(test_support::self_signed_certificate(), always(200));
  check_failed_by(judge(consumer.url()), "D1-post-taken");
}

BOOST_AUTO_TEST_CASE(one_that_is_gone_is_reported_as_such, *utf::label("D5")) {
  std::string url;
  {
    const TlsConsumer gone(authority.issue(), always(200));
    url = gone.url();
  }
  BOOST_TEST((exit_code(judge(url)) == ExitCode::unreachable));
}

BOOST_AUTO_TEST_SUITE_END()
