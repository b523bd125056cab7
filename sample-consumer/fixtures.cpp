#include "fixtures.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "config.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;

constexpr std::size_t page_rows = 1'000;

/// The rows to write, by family.
std::map<std::string, pw::InboxRow> best_rows(pw::InboxView& inbox) {
  std::map<std::string, pw::InboxRow> best;
  std::optional<std::uint64_t> cursor;
  do {
    const pw::InboxPage page = inbox.list(cursor, page_rows);
    for (const pw::InboxRow& row : page.rows) {
      if (!row.family || !row.event) continue;
      const auto found = best.find(*row.family);
      const bool better =
          found == best.end() || (found->second.event->ends_with(".deleted") && !row.event->ends_with(".deleted"));
      if (better && inbox.body(row.identity)) best.insert_or_assign(*row.family, row);
    }
    cursor = page.next;
  } while (cursor);
  return best;
}

}  // namespace

void export_fixtures(pw::InboxView& inbox, const std::string& folder, std::ostream& out) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto rows = best_rows(inbox);
  for (const auto& [family, row] : rows) {
    const auto body = inbox.body(row.identity);
    if (!body) continue;  // purged in this moment
    const auto file = std::filesystem::path(folder) / (family + ".json");
    std::ofstream to(file, std::ios::binary);
    to << body->bytes;
    if (!to.flush()) throw ConfigError(fmt::format("--fixtures: cannot write {}", file.string()));
    fmt::print(out, "{}: {} of row {}\n", file.string(), *row.event, row.seq);
  }
  if (rows.empty()) throw ConfigError("--fixtures: the inbox holds no push of a known webhook event");
}

}  // namespace consumer
