#include <prospero/webhooks/receive/inbox.hpp>

#include <utility>

#include "sqlite_inbox.hpp"
#include "sqlite_inbox_view.hpp"

namespace prospero::webhooks {

std::string_view to_text(InboxState state) noexcept {
  switch (state) {
    case InboxState::pending:
      return "pending";
    case InboxState::processed:
      return "processed";
    case InboxState::dead:
      return "dead";
    case InboxState::quarantined:
      return "quarantined";
    case InboxState::copy:
      return "copy";
  }
  return "unknown";
}

namespace {

constexpr std::string_view file_scheme = "sqlite:";

std::string file_of(std::string_view url) {
  if (!url.starts_with(file_scheme)) {
    // Only the scheme is shown: what follows one may hold a password.
    const std::string shown{url.substr(0, url.find(':'))};
    throw InboxError("inbox scheme \"" + shown + "\" is not supported: use sqlite:FILE or memory:");
  }
  std::string file{url.substr(file_scheme.size())};
  if (file.empty() || file.find('\0') != std::string::npos)
    throw InboxError("inbox \"sqlite:\" names no file: use sqlite:FILE, for instance sqlite:inbox.db");
  return file;
}

}  // namespace

std::unique_ptr<Inbox> open_inbox(std::string_view url, InboxOptions options) {
  if (url == "memory:") return std::make_unique<SqliteInbox>(std::nullopt, std::move(options));
  return std::make_unique<SqliteInbox>(file_of(url), std::move(options));
}

std::unique_ptr<InboxView> open_inbox_view(std::string_view url) {
  if (url == "memory:") throw InboxError("inbox memory: lives within its consumer: ask that one through its admin API");
  return std::make_unique<SqliteInboxView>(file_of(url));
}

}  // namespace prospero::webhooks
