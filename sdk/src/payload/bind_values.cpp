#include <prospero/webhooks/payload/bind_values.hpp>

namespace prospero::webhooks::detail {

std::nullopt_t BindFailure::is(PayloadErrc code, std::string detail) {
  code_ = code;
  detail_ = std::move(detail);
  return std::nullopt;
}

std::nullopt_t BindFailure::within(std::string_view name) {
  std::string escaped = "/";
  for (const char c : name) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  path_.insert(0, escaped);
  return std::nullopt;
}

std::nullopt_t BindFailure::within(std::size_t index) {
  return within(std::to_string(index));
}

std::nullopt_t BindFailure::within_map() {
  path_.clear();
  return std::nullopt;
}

ParseError BindFailure::error(std::string_view pointer) && {
  return {code_, 0, std::string{pointer} + path_, std::move(detail_)};
}

std::optional<bool> read_bool(const boost::json::value& json, BindFailure& failure) {
  return copied(json.if_bool(), failure);
}

std::optional<double> read_double(const boost::json::value& json, BindFailure& failure) {
  if (!json.is_number()) return failure.is(PayloadErrc::field_wrong_type);
  return json.to_number<double>();
}

std::optional<std::int64_t> read_signed(const boost::json::value& json, BindFailure& failure) {
  if (!json.is_number()) return failure.is(PayloadErrc::field_wrong_type);
  boost::json::error_code error;
  const auto value = json.to_number<std::int64_t>(error);
  if (error) return failure.is(PayloadErrc::field_out_of_range);
  return value;
}

std::optional<std::uint64_t> read_unsigned(const boost::json::value& json, BindFailure& failure) {
  if (!json.is_number()) return failure.is(PayloadErrc::field_wrong_type);
  boost::json::error_code error;
  const auto value = json.to_number<std::uint64_t>(error);
  if (error) return failure.is(PayloadErrc::field_out_of_range);
  return value;
}

std::optional<std::string_view> read_text(const boost::json::value& json, BindFailure& failure) {
  const boost::json::string* const text = json.if_string();
  if (!text) return failure.is(PayloadErrc::field_wrong_type);
  return std::string_view{*text};
}

}  // namespace prospero::webhooks::detail
