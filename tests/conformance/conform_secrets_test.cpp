// Secrets that are named, not typed: env:NAME.
#include <httplib.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <map>
#include <string>

#include "conform_run.hpp"
#include "tls_consumer.hpp"

using namespace conformance_test;

namespace {

mock::cli::Environment with(std::map<std::string, std::string> variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conform_secrets)

BOOST_AUTO_TEST_CASE(the_url_may_be_in_an_environment_variable) {
  const test_support::CertificateAuthority authority;
  const test_support::TempFolder folder;
  const auto ca = test_support::write_pem(folder.file("ca.pem"), authority.pem());
  const TlsConsumer consumer(authority.issue(), [](TlsConsumer&, const httplib::Request&, httplib::Response&) {});
  const auto ran = conform({"env:HOOK", "--ca", ca, "--allow-local", "--only", "D3-exactly-200"},
                           with({{"HOOK", "  " + consumer.url() + "\n"}}));
  BOOST_TEST_INFO(ran.refusal);
  BOOST_TEST(ran.code == 0);
  BOOST_TEST(!mentions(ran.out, "secret"));
}

BOOST_AUTO_TEST_CASE(a_variable_that_is_not_there_is_refused_by_name) {
  for (const auto& variables : {with({}), with({{"HOOK", " \n"}}), mock::cli::Environment{}}) {
    const auto ran = conform({"env:HOOK"}, variables);
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(ran.refusal == "URL env:HOOK: this environment variable is not set, or is empty");
  }
  BOOST_TEST(conform({"env:"}, with({{"", "x"}})).code == 2);
}

BOOST_AUTO_TEST_CASE(the_witness_and_its_header_may_be_there_too) {
  using Arguments = std::vector<std::string>;
  const std::string url = "https://consumer.invalid/hook/secret";
  for (const auto& arguments : {Arguments{url, "--witness", "env:NONE"},
                                Arguments{url, "--witness", "http://x/", "--witness-header", "env:NONE"}}) {
    const auto ran = conform(arguments, with({}));
    BOOST_TEST(ran.code == 2);
    BOOST_TEST(mentions(ran.refusal, "env:NONE: this environment variable is not set"));
  }
  const auto ran = conform({url, "--witness", "env:WITNESS"}, with({{"WITNESS", "file:/x/secret"}}));
  BOOST_TEST(ran.code == 2);
  BOOST_TEST(ran.refusal ==
             "--witness: give a URL that starts with http:// or https://; for a file, --witness-cmd 'cat FILE'");
}

BOOST_AUTO_TEST_SUITE_END()
