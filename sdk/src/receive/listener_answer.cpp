#include "listener_answer.hpp"

#include <array>
#include <cstdio>
#include <string_view>

namespace prospero::webhooks::detail {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
  }
  return "";  // the phrase carries no meaning (RFC 9112, 4)
}

}  // namespace

std::string http_date(std::time_t now) {
  constexpr std::array<const char*, 7> days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                 days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                 months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                 utc.tm_min, utc.tm_sec);
  return {text.data(), static_cast<std::size_t>(size)};
}

namespace {

// One second's date serves all answers of that second.
const std::string& http_date_now(std::time_t now) {
  thread_local std::time_t of = -1;
  thread_local std::string date;
  if (now != of) date = http_date(now);
  of = now;
  return date;
}

}  // namespace

std::string to_bytes(const Response& response, std::time_t now, bool close, bool to_head_request) {
  constexpr std::size_t head_bytes = 256;
  std::string bytes;
  bytes.reserve(head_bytes + response.body.size());
  bytes.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_of(response.status));
  bytes.append("\r\nDate: ").append(http_date_now(now));
  if (response.allow_post) bytes += "\r\nAllow: POST";
  if (response.retry_after_s) bytes.append("\r\nRetry-After: ").append(std::to_string(*response.retry_after_s));
  if (!response.body.empty()) bytes += "\r\nContent-Type: text/plain; charset=utf-8";
  bytes.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  if (close) bytes += "\r\nConnection: close";
  bytes += "\r\n\r\n";
  if (!to_head_request) bytes += response.body;
  return bytes;
}

}  // namespace prospero::webhooks::detail
