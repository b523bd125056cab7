// The parsers that are measured, each used as its own documentation advises for one text after another.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// Parses one body from beginning to end and frees what was built; throws where the parser refuses it.
using Parse = std::function<void()>;

struct Contender {
  std::string_view name;
  /// Prepares what a program keeps from one body to the next; the work to measure is the function returned.
  Parse (*prepare)(std::shared_ptr<const std::string> body);
};

/// The names that ratios are made of.
inline constexpr std::string_view ours = "ours, header";
inline constexpr std::string_view ours_dom = "ours, fields()";
inline constexpr std::string_view boost_json = "Boost.JSON";
inline constexpr std::string_view simdjson_dom = "simdjson DOM";

const std::vector<Contender>& contenders();

/// What they are: compiler, versions, the processor's features that simdjson uses. Several lines.
std::string versions();

}  // namespace bench
