// SQLite's errors in words for an operator.
#pragma once

#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>
#include <system_error>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// One line that names the inbox, what is wrong, and what to do.
InboxError explain(const std::string& name, const SqliteError& error);

/// The same for what fails a commit, where only some of the advice fits.
std::string explain_commit(const std::string& name, const SqliteError& error);

/// The same for a std::thread that could not be made.
InboxError no_thread(const std::string& name, const std::system_error& error);

}  // namespace prospero::webhooks
