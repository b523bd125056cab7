#include "cli/conform_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "conformance/printable.hpp"
#include "contract/values.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;
using conformance::printable;

constexpr std::array<const char*, 3> families{"event", "invoice", "offer"};

[[noreturn]] void refuse(std::string_view flag, const std::string& path, std::string_view what) {
  throw std::invalid_argument(fmt::format("{} {}: {}", flag, printable(path), what));
}

std::string content_of(std::string_view flag, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) refuse(flag, path, "cannot be read");
  return text;
}

json::object entity_of(const std::string& path) {
  boost::system::error_code error;
  auto parsed = json::parse(content_of("--fixtures", path), error);
  if (error) refuse("--fixtures", path, fmt::format("no JSON ({})", error.message()));
  if (!parsed.is_object()) refuse("--fixtures", path, "not a JSON object: give an entity, or a whole push");
  auto& entity = parsed.get_object();
  auto* const data = entity.if_contains(contract::body_keys.data);
  const bool whole_push = data != nullptr && data->is_object() && entity.contains(contract::body_keys.event);
  return whole_push ? data->get_object() : entity;
}

// A misspelled file would leave its family to made-up entities, and nobody would notice.
void refuse_others(const std::string& folder) {
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    const auto& path = file.path();
    if (path.extension() == ".json" && std::ranges::find(families, path.stem().string()) == families.end())
      refuse("--fixtures", path.string(),
             "none of event.json, invoice.json and offer.json: rename it, or move it away");
  }
  if (error) refuse("--fixtures", folder, error.message());
}

}  // namespace

std::map<std::string, json::object> read_fixtures(const std::string& folder) {
  refuse_others(folder);
  std::map<std::string, json::object> entities;
  for (const auto* const family : families) {
    const auto path = std::filesystem::path(folder) / (std::string(family) + ".json");
    if (std::filesystem::exists(path)) entities.emplace(family, entity_of(path.string()));
  }
  if (entities.empty()) refuse("--fixtures", folder, "no event.json, invoice.json or offer.json is there");
  return entities;
}

conformance::Baseline read_baseline(const std::string& path, const std::vector<conformance::SelectedCase>& cases) {
  const auto text = content_of("--baseline", path);
  try {
    auto baseline = conformance::parse_baseline(text);
    conformance::check_listed(baseline, cases);
    return baseline;
  } catch (const std::invalid_argument& error) {
    refuse("--baseline", path, error.what());
  }
}

std::string checked_uuid(const std::string& text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool fits = text.size() == form.size() && std::ranges::equal(text, form, [](unsigned char c, char wanted) {
                      return wanted == 'x' ? std::isxdigit(c) != 0 : c == static_cast<unsigned char>(wanted);
                    });
  if (!fits) throw std::invalid_argument(fmt::format("--org '{}': no UUID (8-4-4-4-12 hex digits)", printable(text)));
  return text;
}

}  // namespace mock::cli
