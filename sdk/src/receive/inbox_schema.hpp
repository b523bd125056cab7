// What an inbox file is made of, and how an older one is brought up to date.
#pragma once

#include <string>

#include "sqlite.hpp"

namespace prospero::webhooks {

/// Sets what the crash model rests on, then creates or migrates the tables in one transaction. `name` is for messages.
/// Throws InboxError for a database of something else or of a newer version, SqliteError otherwise.
void prepare_inbox(SqliteConnection& connection, const std::string& name);

/// Throws InboxError unless the database is an inbox of exactly this version: what is opened for looking only cannot be
/// brought up to date.
void check_inbox_version(SqliteConnection& connection, const std::string& name);

}  // namespace prospero::webhooks
