#include "json_passes.hpp"

#include <array>
#include <boost/json/basic_parser_impl.hpp>

#include "dom_handler.hpp"
#include "scan_handler.hpp"

namespace prospero::webhooks::detail {
namespace {

boost::json::parse_options strict(std::size_t depth_max) noexcept {
  boost::json::parse_options options;
  options.max_depth = depth_max;
  return options;
}

// Whether all of the text is one JSON text.
template <class Parser>
bool takes_all(Parser& parser, std::string_view text) {
  boost::json::error_code error;
  return parser.write_some(false, text.data(), text.size(), error) == text.size() && !error;
}

}  // namespace

std::optional<Facts> scan(std::string_view text, std::size_t depth_max) {
  boost::json::basic_parser<ScanHandler> parser{strict(depth_max), text};
  if (!takes_all(parser, text)) return std::nullopt;
  return parser.handler().facts();
}

std::optional<boost::json::value> build_dom(std::string_view text, boost::json::storage_ptr storage) {
  constexpr std::size_t deepest = 1000;
  std::array<unsigned char, 4096> scratch;
  boost::json::basic_parser<DomHandler> parser{strict(deepest), scratch.data(), scratch.size(), std::move(storage)};
  if (!takes_all(parser, text)) return std::nullopt;
  return parser.handler().release();
}

}  // namespace prospero::webhooks::detail
