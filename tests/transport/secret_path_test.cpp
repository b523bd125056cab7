#include "transport/secret_path.hpp"

#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

using mock::transport::without_secrets;

namespace {

const std::string url = "https://consumer.example:8443/hook/s3cr3t@with:more,a+b/x?key=a+b/c==";

std::string encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char byte : text) {
    if (kept.find(static_cast<char>(byte)) != std::string_view::npos) {
      out += static_cast<char>(byte);
    } else {
      out.append({'%', digits[byte / 16U], digits[byte % 16U]});
    }
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(secret_path)

BOOST_AUTO_TEST_CASE(goes_as_it_is_written_and_in_other_case) {
  BOOST_TEST(without_secrets("no /hook/s3cr3t@with:more,a+b/x here", url) == "no *** here");
  BOOST_TEST(without_secrets("no /HOOK/S3CR3T@WITH:MORE,A+B/X?KEY=A+B/C== here", url) == "no *** here");
  BOOST_TEST(without_secrets("part S3cr3t@With:more,a+b", url) == "part ***");
}

BOOST_AUTO_TEST_CASE(goes_in_any_percent_encoding) {
  const std::string target = "/hook/s3cr3t@with:more,a+b/x?key=a+b/c==";
  const auto component = encoded(target, "abcdehikmorstwxy123");
  const auto all = encoded(target, "");
  for (const auto& form : {component, all, encoded(component, "abcdehikmorstwxy0123456789ABCDEF"), encoded(all, "")}) {
    BOOST_TEST(without_secrets("no " + form + " here", url) == "no *** here");
  }
  BOOST_TEST(without_secrets("%2Fa%2Fb1%2Fc2%2Fd3", "https://a.example/a/b1/c2/d3") == "***");
  BOOST_TEST(without_secrets("%25C3%25A4rger-42, \xc3\xa4rger-42", "https://a.example/%C3%A4rger-42") == "***, ***");
}

BOOST_AUTO_TEST_CASE(what_is_short_is_no_secret) {
  const std::string own = "HTTP/1.1 404 Content-Type: text/html; /1 /h?";
  BOOST_TEST(without_secrets(own, "https://a.example/1") == own);
  BOOST_TEST(without_secrets(own, "https://a.example/h?token=abcdef123456") == own);
  BOOST_TEST(without_secrets("token abcdef123456", "https://a.example/h?token=abcdef123456") == "token ***");
}

BOOST_AUTO_TEST_CASE(its_beginning_goes_where_the_text_ends_in_it) {
  const std::string form = "%2Fhook%2Fs3cr3t%40with%3Amore";
  for (std::size_t size = 1; size <= form.size(); ++size) {
    const auto shown = without_secrets("no " + form.substr(0, size), url);
    BOOST_TEST_CONTEXT(shown) {
      BOOST_TEST(shown.find("hook%2Fs") == std::string::npos);
      BOOST_TEST((size < 10 || shown == "no ***"));
    }
  }
  BOOST_TEST(without_secrets("no /hook/s3c here", url) == "no /hook/s3c here");
}

BOOST_AUTO_TEST_CASE(no_other_text_is_changed) {
  for (const std::string text : {"", "%", "%2", "%zz%%41", "100% of /hook", "a\r\n\r\nb", "%00\xff"}) {
    BOOST_TEST(without_secrets(text, url) == text);
    BOOST_TEST(without_secrets(text, "https://a.example") == text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
