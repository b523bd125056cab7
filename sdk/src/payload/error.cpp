#include <prospero/webhooks/payload/error.hpp>
#include <utility>

namespace prospero::webhooks {
namespace {

const char* text_of(PayloadErrc code) noexcept {
  switch (code) {
    case PayloadErrc::too_large:
      return "the body has more bytes than are accepted";
    case PayloadErrc::too_deep:
      return "containers are nested deeper than is accepted";
    case PayloadErrc::syntax:
      return "not JSON: this byte cannot stand here";
    case PayloadErrc::incomplete:
      return "not JSON: the text ends too early";
    case PayloadErrc::trailing_bytes:
      return "not JSON: bytes follow the end of the text";
    case PayloadErrc::byte_order_mark:
      return "not JSON: the text begins with a byte order mark";
    case PayloadErrc::invalid_utf8:
      return "not JSON: invalid UTF-8";
    case PayloadErrc::not_an_object:
      return "not a push: the outermost value is no object";
    case PayloadErrc::event_missing:
      return "not a push: there is no `event`";
    case PayloadErrc::event_repeated:
      return "not a push: there is more than one `event`";
    case PayloadErrc::event_not_a_string:
      return "not a push: `event` is no string";
    case PayloadErrc::data_missing:
      return "not a push: there is no `data`";
    case PayloadErrc::data_repeated:
      return "not a push: there is more than one `data`";
    case PayloadErrc::data_not_an_object:
      return "not a push: `data` is no object";
    case PayloadErrc::id_missing:
      return "not a push: `data` has no `id`";
    case PayloadErrc::id_repeated:
      return "not a push: `data` has more than one `id`";
    case PayloadErrc::id_not_a_string:
      return "not a push: the `id` is no string";
    case PayloadErrc::id_not_a_uuid:
      return "not a push: the `id` is no UUID";
    case PayloadErrc::field_missing:
      return "the entity lacks a member that the type needs";
    case PayloadErrc::field_wrong_type:
      return "a member is of another kind than the type needs";
    case PayloadErrc::field_out_of_range:
      return "a member does not fit into the type";
    case PayloadErrc::field_malformed:
      return "a member is not of the form that the type needs";
  }
  return "unknown error";
}

const char* text_of(PayloadCondition condition) noexcept {
  switch (condition) {
    case PayloadCondition::over_limit:
      return "over a limit";
    case PayloadCondition::not_json:
      return "not JSON";
    case PayloadCondition::not_a_push:
      return "not a push";
    case PayloadCondition::does_not_fit:
      return "does not fit the application's type";
  }
  return "unknown condition";
}

class Category final : public boost::system::error_category {
 public:
  Category() noexcept : error_category(0x7a1f0c6e52d94b38) {}
  const char* name() const noexcept override { return "prospero.payload"; }
  std::string message(int value) const override { return text_of(static_cast<PayloadErrc>(value)); }
  boost::system::error_condition default_error_condition(int value) const noexcept override {
    return make_error_condition(condition_of(static_cast<PayloadErrc>(value)));
  }
};

class ConditionCategory final : public boost::system::error_category {
 public:
  ConditionCategory() noexcept : error_category(0x7a1f0c6e52d94b39) {}
  const char* name() const noexcept override { return "prospero.payload.condition"; }
  std::string message(int value) const override { return text_of(static_cast<PayloadCondition>(value)); }
};

}  // namespace

const boost::system::error_category& payload_category() noexcept {
  static const Category category;
  return category;
}

boost::system::error_code make_error_code(PayloadErrc code) noexcept {
  return {static_cast<int>(code), payload_category()};
}

boost::system::error_condition make_error_condition(PayloadCondition condition) noexcept {
  static const ConditionCategory category;
  return {static_cast<int>(condition), category};
}

PayloadCondition condition_of(PayloadErrc code) noexcept {
  switch (code) {
    case PayloadErrc::too_large:
    case PayloadErrc::too_deep:
      return PayloadCondition::over_limit;
    case PayloadErrc::syntax:
    case PayloadErrc::incomplete:
    case PayloadErrc::trailing_bytes:
    case PayloadErrc::byte_order_mark:
    case PayloadErrc::invalid_utf8:
      return PayloadCondition::not_json;
    case PayloadErrc::not_an_object:
    case PayloadErrc::event_missing:
    case PayloadErrc::event_repeated:
    case PayloadErrc::event_not_a_string:
    case PayloadErrc::data_missing:
    case PayloadErrc::data_repeated:
    case PayloadErrc::data_not_an_object:
    case PayloadErrc::id_missing:
    case PayloadErrc::id_repeated:
    case PayloadErrc::id_not_a_string:
    case PayloadErrc::id_not_a_uuid:
      return PayloadCondition::not_a_push;
    case PayloadErrc::field_missing:
    case PayloadErrc::field_wrong_type:
    case PayloadErrc::field_out_of_range:
    case PayloadErrc::field_malformed:
      break;
  }
  return PayloadCondition::does_not_fit;
}

ParseError::ParseError(PayloadErrc code, std::size_t offset, std::string pointer, std::string detail)
    : code_(make_error_code(code)), offset_(offset), pointer_(std::move(pointer)), detail_(std::move(detail)) {}

std::string ParseError::message() const {
  const bool has_byte = condition_of(errc()) != PayloadCondition::does_not_fit;
  std::string text = code_.message();
  if (has_byte) text += " (byte " + std::to_string(offset_) + (pointer_.empty() ? ")" : ", at " + pointer_ + ")");
  if (!has_byte) text += " (at " + (pointer_.empty() ? "the whole value" : pointer_) + ")";
  if (!detail_.empty()) text += ": " + detail_;
  return text;
}

PayloadException::PayloadException(ParseError error) : std::runtime_error(error.message()), error_(std::move(error)) {}

void throw_exception_from_error(const ParseError& error, const boost::source_location&) {
  throw PayloadException(error);
}

}  // namespace prospero::webhooks
