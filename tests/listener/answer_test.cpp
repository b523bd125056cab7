#include "listener_answer.hpp"

#include <boost/test/unit_test.hpp>

namespace pw = prospero::webhooks;

BOOST_AUTO_TEST_SUITE(answer_bytes)

BOOST_AUTO_TEST_CASE(dates_have_the_form_of_http) {
  BOOST_TEST(pw::detail::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(pw::detail::http_date(1795501893) == "Tue, 24 Nov 2026 06:31:33 GMT");
}

BOOST_AUTO_TEST_CASE(each_part_is_written_where_it_belongs) {
  const std::string date = "\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT";
  const std::string text = "\r\nContent-Type: text/plain; charset=utf-8";
  BOOST_TEST(pw::detail::to_bytes({200, {}, false, ""}, 0, false, false) ==
             "HTTP/1.1 200 OK" + date + "\r\nContent-Length: 0\r\n\r\n");
  BOOST_TEST(pw::detail::to_bytes({405, {}, true, "no\n"}, 0, false, true) ==
             "HTTP/1.1 405 Method Not Allowed" + date + "\r\nAllow: POST" + text + "\r\nContent-Length: 3\r\n\r\n");
  BOOST_TEST(pw::detail::to_bytes({503, 30, false, "no\n"}, 0, true, false) ==
             "HTTP/1.1 503 Service Unavailable" + date + "\r\nRetry-After: 30" + text +
                 "\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n");
}

BOOST_AUTO_TEST_SUITE_END()
