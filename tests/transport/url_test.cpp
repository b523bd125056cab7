#include "transport/url.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "transport/host_text.hpp"

namespace utf = boost::unit_test;
using namespace mock::transport;

namespace {

std::string reason(const std::string& text, const UrlPolicy& policy = {}) {
  const auto url = WebhookUrl::parse(text, policy);
  return url ? "accepted" : url.error().reason;
}

void check_refused(const std::vector<std::string>& texts, const std::string& why, const UrlPolicy& policy = {}) {
  for (const auto& text : texts) {
    const auto got = reason(text, policy);
    BOOST_TEST_CONTEXT(text << ": " << got) {
      BOOST_TEST(got.find(why) != std::string::npos);
      BOOST_TEST(got.find("secret") == std::string::npos);
    }
  }
}

std::string normalized(const std::string& text) {
  UrlPolicy policy;
  policy.allow_http = true;
  return WebhookUrl::parse(text, policy).value().normalized();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(url)

BOOST_AUTO_TEST_CASE(is_taken_apart, *utf::label("D6")) {
  const auto url = WebhookUrl::parse("https://Consumer.Example:8443/hook/secret?a=b", {}).value();
  BOOST_TEST(url.host() == "Consumer.Example");
  BOOST_TEST(url.port() == 8443);
  BOOST_TEST(url.https());
  BOOST_TEST(url.target() == "/hook/secret?a=b");
  BOOST_TEST(url.authority() == "Consumer.Example:8443");
  BOOST_TEST(url.redacted() == "https://Consumer.Example:8443/***");
  BOOST_TEST(!url.literal().has_value());
  BOOST_TEST(WebhookUrl::parse("https://consumer.example:443", {}).value().authority() == "consumer.example");
  BOOST_TEST(WebhookUrl::parse("https://consumer.example?x", {}).value().target() == "/?x");
  BOOST_TEST(WebhookUrl::parse("https://[2606:4700::1]:8443/", {}).value().authority() == "[2606:4700::1]:8443");
}

BOOST_AUTO_TEST_CASE(must_be_https, *utf::label("D6")) {
  check_refused({"http://consumer.example/secret", "HTTP://consumer.example/secret"}, "--allow-http");
  check_refused({"ftp://consumer.example/secret", "ws://consumer.example/secret"}, "must start with https://");
  check_refused({"", "consumer.example/secret", "//consumer.example/secret", "https:/consumer.example", "https:secret",
                 "https://", "https:///secret", "https://:443/secret", "://x", "1x://y", "https://[::1/secret"},
                "is not of the form");
  UrlPolicy policy;
  policy.allow_http = true;
  BOOST_TEST(reason("http://consumer.example/", policy) == "accepted");
}

BOOST_AUTO_TEST_CASE(has_neither_user_nor_fragment_nor_bad_port_nor_raw_characters, *utf::label("D6")) {
  check_refused({"https://user@consumer.example/secret", "https://u:p@consumer.example/secret",
                 "https://@consumer.example/secret", "https://public.example\\@127.0.0.1/secret"},
                "user name");
  check_refused({"https://consumer.example/secret#x", "https://consumer.example#"}, "fragment");
  check_refused({"https://consumer.example:0/secret", "https://consumer.example:65536/secret",
                 "https://consumer.example:99999/secret", "https://consumer.example:-1/secret",
                 "https://consumer.example:4 43/secret", "https://consumer.example:4x/secret"},
                "the webhook URL");
  check_refused(
      {"https://consumer.example/sec ret", "https://consumer.example/secret\n", "https://consumer.example/\t"},
      "a space or a control character");
  check_refused({"https://consumer.example/secret\"", "https://consumer.example/secret%2",
                 "https://consumer.example/%zz", "https://consumer.example/?secret^"},
                "must be percent-encoded");
  check_refused({"https://consumer.example/" + std::string(9000, 'x')}, "longer than");
  BOOST_TEST(reason("https://consumer.example:/x") == "accepted");
}

BOOST_AUTO_TEST_CASE(is_not_localhost_in_any_spelling, *utf::label("D6")) {
  check_refused({"https://localhost/secret", "https://LocalHost:8443/secret", "https://localhost./secret",
                 "https://app.localhost/secret", "https://a.b.LOCALHOST./secret"},
                "--allow-local");
  UrlPolicy policy;
  policy.allow_local = true;
  BOOST_TEST(reason("https://app.localhost./x", policy) == "accepted");
  BOOST_TEST(reason("https://notlocalhost/x") == "accepted");
  BOOST_TEST(reason("https://localhost.example/x") == "accepted");
}

BOOST_AUTO_TEST_CASE(is_not_a_private_address_in_any_spelling, *utf::label("D6")) {
  check_refused(
      {"https://127.0.0.1/secret", "https://127.1/secret", "https://127.0.1/secret", "https://2130706433/secret",
       "https://0x7f000001/secret", "https://0X7F.1/secret", "https://0177.0.0.1/secret", "https://017700000001/secret",
       "https://127.0.0.1./secret", "https://0x7f.0x0.0x0.0x1/secret"},
      "127.0.0.1 is not a public address (loopback");
  check_refused({"https://10.1/secret", "https://0xa000001/secret"}, "10.0.0.1 is not a public address (private");
  check_refused({"https://0/secret", "https://0x/secret"}, "0.0.0.0 is not a public address (unspecified");
  check_refused({"https://[::1]/secret", "https://[0:0:0:0:0:0:0:1]/secret"}, "::1 is not a public address (loopback");
  check_refused({"https://[::ffff:127.0.0.1]/secret", "https://[::ffff:7f00:1]/secret"}, "IPv4-mapped");
  check_refused({"https://[64:ff9b::a00:1]/secret"}, "NAT64");
  check_refused(
      {"https://[fe80::1%25lo]/secret", "https://[]/secret", "https://[v1.x]/secret", "https://[127.0.0.1]/secret"},
      "no IPv6 address");
  BOOST_TEST(reason("https://8.8.8.8/x") == "accepted");
  UrlPolicy policy;
  policy.allow_local = true;
  BOOST_TEST(reason("https://0x7f.1/x", policy) == "accepted");
}

BOOST_AUTO_TEST_CASE(is_not_an_address_of_any_other_non_public_range, *utf::label("D6")) {
  check_refused({"https://100.64.0.1/secret", "https://100.127.255.254/secret"}, "(shared");
  check_refused({"https://169.254.169.254/secret", "https://[fe80::1]/secret"}, "(link-local");
  check_refused({"https://192.0.2.1/secret", "https://[2001:db8::1]/secret"}, "(documentation");
  check_refused({"https://198.18.0.1/secret", "https://[2001:2::1]/secret"}, "(benchmark");
  check_refused({"https://224.0.0.1/secret", "https://[ff02::1]/secret"}, "(multicast");
  check_refused({"https://[fd00::1]/secret"}, "(unique-local");
  check_refused({"https://[2002:a00:1::]/secret"}, "(6to4");
  check_refused({"https://[::]/secret"}, "(unspecified");
}

BOOST_AUTO_TEST_CASE(has_a_host_that_is_a_name, *utf::label("D6")) {
  check_refused({"https://256.1.1.1/secret", "https://1.2.3.4.5/secret", "https://4294967296/secret",
                 "https://1..2/secret", "https://08.8.8.8/secret", "https://evil.example.0x7f/secret"},
                "neither a name nor an IPv4 address");
  check_refused({"https://a..b/secret", "https://.a/secret", "https://a!b/secret", "https://./secret",
                 "https://" + std::string(64, 'a') + ".example/secret"},
                "is no host name");
  check_refused({"https://ex%61mple.com/secret"}, "percent-encode its host");
  BOOST_TEST(reason("https://8.8.8.8.evil.example/x") == "accepted");
  BOOST_TEST(WebhookUrl::parse("https://8.8.8.8.evil.example/x", {}).value().host() == "8.8.8.8.evil.example");
}

BOOST_AUTO_TEST_CASE(outside_of_ascii_is_refused_with_its_a_label, *utf::label("D6")) {
  check_refused({"https://B\xC3\xBC"
                 "cher.example/secret"},
                "write it as 'xn--bcher-kva.example'");
  check_refused({"https://consumer.example/\xC3\xBC"}, "after the host");
  check_refused({"https://\xFF.example/secret"}, "valid UTF-8");
}

BOOST_AUTO_TEST_CASE(a_labels_are_those_of_rfc_3492) {
  BOOST_TEST(a_label_form("\u4ED6\u4EEC\u4E3A\u4EC0\u4E48\u4E0D\u8BF4\u4E2D\u6587").value() ==
             "xn--ihqwcrb4cv8a8dqg056pqjye");
  BOOST_TEST(a_label_form("3\u5E74B\u7D44\u91D1\u516B\u5148\u751F").value() == "xn--3b-ww4c5e180e575a65lsy2b");
  BOOST_TEST(a_label_form("m\u00FCnchen.\u0440\u0444").value() == "xn--mnchen-3ya.xn--p1ai");
  BOOST_TEST(a_label_form("plain.example").value() == "plain.example");
}

BOOST_AUTO_TEST_CASE(are_equal_after_normalization, *utf::label("G3")) {
  BOOST_TEST(normalized("HTTPS://Consumer.Example:443") == "https://consumer.example/");
  BOOST_TEST(normalized("https://consumer.example/a/./b/../c") == "https://consumer.example/a/c");
  BOOST_TEST(normalized("https://consumer.example/../../a/..") == "https://consumer.example/");
  BOOST_TEST(normalized("https://consumer.example/%7Eme/%2f%c3%a4?q=%41%2b") ==
             "https://consumer.example/~me/%2F%C3%A4?q=A%2B");
  BOOST_TEST(normalized("https://consumer.example/%2e%2e/x") == "https://consumer.example/x");
  BOOST_TEST(normalized("http://consumer.example:80/x") == "http://consumer.example/x");
  BOOST_TEST(normalized("http://consumer.example:443/x") == "http://consumer.example:443/x");
  BOOST_TEST(normalized("https://134744072/x") == "https://8.8.8.8/x");
  BOOST_TEST(normalized("https://[2606:4700:0:0::1]/x") == "https://[2606:4700::1]/x");
}

BOOST_AUTO_TEST_CASE(stay_different_where_a_server_may_tell_them_apart, *utf::label("G3")) {
  const std::vector<std::string> different{"https://consumer.example/x",    "https://consumer.example/X",
                                           "https://consumer.example/x/",   "https://consumer.example//x",
                                           "https://consumer.example/x?",   "https://consumer.example:8443/x",
                                           "https://consumer.example/x%2F", "http://consumer.example/x"};
  for (const auto& a : different) {
    for (const auto& b : different) BOOST_TEST((normalized(a) == normalized(b)) == (a == b));
  }
}

BOOST_AUTO_TEST_SUITE_END()
