#include "log_format.hpp"

#include <spdlog/pattern_formatter.h>

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace consumer {
namespace {

constexpr const char* time_pattern = "%Y-%m-%dT%H:%M:%S.%eZ";

/// The message as a JSON string: escaped, in quotes.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string text =
        boost::json::serialize(boost::json::string(std::string_view(message.payload.data(), message.payload.size())));
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<JsonMessage>(); }
};

}  // namespace

std::unique_ptr<spdlog::formatter> make_log_formatter(LogFormat format) {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  const std::string time = time_pattern;
  if (format == LogFormat::json)
    formatter->add_flag<JsonMessage>('*').set_pattern(R"({"time":")" + time + R"(","level":"%l","message":%*})");
  else
    formatter->set_pattern(time + " %l %v");
  return formatter;
}

}  // namespace consumer
