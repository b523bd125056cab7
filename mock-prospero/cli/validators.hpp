// Checks of flags that CLI11's own let through.
#pragma once

#include <string>

namespace mock::cli {

/// CLI11 reads -1 as 18446744073709551615. Empty, or what is wrong.
std::string whole_number(const std::string& text);

/// A range check lets nan through, which is in no order with anything. Empty, or what is wrong.
std::string finite_number(const std::string& text);

/// The value of a header field: 1 to 200 printable characters of ASCII, no blank at either end. Empty, or what is
/// wrong.
std::string field_text(const std::string& text);

/// A media type such as application/json, maybe with parameters. Empty, or what is wrong.
std::string media_type(const std::string& text);

}  // namespace mock::cli
