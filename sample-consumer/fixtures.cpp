#include "fixtures.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <filesystem>
#include <map>
#include <optional>

#include "config.hpp"
#include "secret_file.hpp"

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

/// As private as the inbox that it comes from.
void write_fixture(const std::string& file, const std::string& bytes) {
  try {
    replace_secret_file(file, bytes);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("--fixtures: {}", error.what()));
  }
}

}  // namespace

void export_fixtures(pw::InboxView& inbox, const std::string& folder, std::ostream& out) {
  std::error_code error;
  if (std::filesystem::create_directories(folder, error))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error) throw ConfigError(fmt::format("--fixtures {}: {}; name another folder", folder, error.message()));
  const auto rows = best_rows(inbox);
  for (const auto& [family, row] : rows) {
    const auto body = inbox.body(row.identity);
    if (!body) continue;  // purged in this moment
    const auto file = std::filesystem::path(folder) / (family + ".json");
    write_fixture(file.string(), body->bytes);
    fmt::print(out, "{}: {} of row {}\n", file.string(), *row.event, row.seq);
  }
  if (rows.empty()) throw ConfigError("--fixtures: the inbox holds no push of a known webhook event");
}

}  // namespace consumer
