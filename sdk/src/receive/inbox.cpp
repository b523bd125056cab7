#include <prospero/webhooks/receive/inbox.hpp>

#include "sqlite_inbox.hpp"

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

std::unique_ptr<Inbox> open_inbox(std::string_view url, InboxOptions options) {
  constexpr std::string_view file_scheme = "sqlite:";
  if (url == "memory:") return std::make_unique<SqliteInbox>(std::nullopt, options);
  if (!url.starts_with(file_scheme)) {
    // Only the scheme is shown: what follows one may hold a password.
    const std::string shown{url.substr(0, url.find(':'))};
    throw InboxError("inbox scheme \"" + shown + "\" is not supported: use sqlite:FILE or memory:");
  }
  const std::string file{url.substr(file_scheme.size())};
  if (file.empty() || file.find('\0') != std::string::npos)
    throw InboxError("inbox \"sqlite:\" names no file: use sqlite:FILE, for instance sqlite:inbox.db");
  return std::make_unique<SqliteInbox>(file, options);
}

}  // namespace prospero::webhooks
