#include "pinned.hpp"

namespace json_suite {
namespace {

using prospero::webhooks::PayloadErrc;

constexpr std::string_view number =
    "RFC 8259 sets no range for numbers: the DOM has the nearest double, an infinity or 0";
constexpr std::string_view surrogate = "JSON.stringify writes it for a cut emoji: U+FFFD in the DOM";
constexpr std::string_view replaced = "the package has U+FFFD, which is valid, in place of the bytes that were not";
constexpr std::string_view utf16 = "RFC 8259 8.1: UTF-8 only; a NUL or a mark stands where no byte of JSON can";

}  // namespace

const std::vector<Pinned>& pinned() {
  static const std::vector<Pinned> rows{
      {"i_number_double_huge_neg_exp.json", {}, number},
      {"i_number_huge_exp.json", {}, number},
      {"i_number_neg_int_huge_exp.json", {}, number},
      {"i_number_pos_double_huge_exp.json", {}, number},
      {"i_number_real_neg_overflow.json", {}, number},
      {"i_number_real_pos_overflow.json", {}, number},
      {"i_number_real_underflow.json", {}, number},
      {"i_number_too_big_neg_int.json", {}, number},
      {"i_number_too_big_pos_int.json", {}, number},
      {"i_number_very_big_negative_int.json", {}, number},
      {"i_object_key_lone_2nd_surrogate.json", {}, surrogate},
      {"i_string_1st_surrogate_but_2nd_missing.json", {}, surrogate},
      {"i_string_1st_valid_surrogate_2nd_invalid.json", {}, surrogate},
      {"i_string_incomplete_surrogate_and_escape_valid.json", {}, surrogate},
      {"i_string_incomplete_surrogate_pair.json", {}, surrogate},
      {"i_string_incomplete_surrogates_escape_valid.json", {}, surrogate},
      {"i_string_invalid_lonely_surrogate.json", {}, surrogate},
      {"i_string_invalid_surrogate.json", {}, surrogate},
      {"i_string_inverted_surrogates_U+1D11E.json", {}, surrogate},
      {"i_string_lone_second_surrogate.json", {}, surrogate},
      {"i_string_UTF-8_invalid_sequence.json", {}, replaced},
      {"i_string_UTF8_surrogate_U+D800.json", {}, replaced},
      {"i_string_invalid_utf-8.json", {}, replaced},
      {"i_string_iso_latin_1.json", {}, replaced},
      {"i_string_lone_utf8_continuation_byte.json", {}, replaced},
      {"i_string_not_in_unicode_range.json", {}, replaced},
      {"i_string_overlong_sequence_2_bytes.json", {}, replaced},
      {"i_string_overlong_sequence_6_bytes.json", {}, replaced},
      {"i_string_overlong_sequence_6_bytes_null.json", {}, replaced},
      {"i_string_truncated-utf-8.json", {}, replaced},
      {"i_string_UTF-16LE_with_BOM.json", PayloadErrc::syntax, utf16},
      {"i_string_utf16BE_no_BOM.json", PayloadErrc::syntax, utf16},
      {"i_string_utf16LE_no_BOM.json", PayloadErrc::syntax, utf16},
      {"i_structure_500_nested_arrays.json", PayloadErrc::too_deep,
       "RFC 8259 9 allows a limit; ours is 64 unless told"},
      {"i_structure_UTF-8_BOM_empty_object.json", PayloadErrc::syntax,
       "RFC 8259 8.1: no byte order mark; we refuse it"},
  };
  return rows;
}

}  // namespace json_suite
