// Whether an inbox file that was found is in order.
#pragma once

#include <functional>
#include <string>

#include "inbox_tables.hpp"
#include "sqlite.hpp"

namespace prospero::webhooks {

/// After a crash, before anything is written: reads the file together with the log that was left. Throws InboxError
/// when the file is sound only without it, for then the log is that of another file, which a copy has replaced. Gives
/// the first fault when the file itself is damaged; empty: it is in order.
std::string fault_after_crash(SqliteConnection& connection, const std::string& file);

/// Does within the transaction what storing a push does, and undoes it. Throws SqliteError as that would.
void try_to_store(SqliteConnection& connection, InboxMemory& memory, InboxWrites& writes, const HandedOut& out);

}  // namespace prospero::webhooks
