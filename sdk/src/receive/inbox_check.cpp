#include "inbox_check.hpp"

#include "identity.hpp"

namespace prospero::webhooks {

std::string fault_after_crash(SqliteConnection& connection, const std::string& file) {
  const std::string fault = connection.fault();
  if (fault.empty() || !SqliteConnection{file, SqliteMode::alone}.fault().empty()) return fault;
  throw InboxError("inbox " + file + " does not fit the log beside it (" + fault +
                   "): it is a copy that was put in place of a file whose log stayed. Move " + file + "-wal and " +
                   file + "-shm away, then start again");
}

// With a body of more than a page, of an entity and bytes that no push has.
void try_to_store(SqliteConnection& connection, InboxMemory& memory, InboxWrites& writes, const HandedOut& out) {
  const InboxSavepoint undone{connection, memory};
  Arrival push;
  push.body = "\x01 a push that is tried and undone" + std::string(8'192, ' ');
  push.identity = identity_of(push.body);
  push.event = push.family = push.entity_id = "\x01";
  writes.store(push, out, StoredBytes::unreadable);  // as a push would be in the end, whatever is damaged
}

}  // namespace prospero::webhooks
