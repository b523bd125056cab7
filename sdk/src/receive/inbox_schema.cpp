#include "inbox_schema.hpp"

#include <array>
#include <cstdint>
#include <prospero/webhooks/receive/inbox.hpp>

namespace prospero::webhooks {
namespace {

// "PWin" in the file's header (PRAGMA application_id): tells an inbox from any other SQLite file.
constexpr std::int64_t application_id = 0x5057696e;

// Step n leads from schema version n to n + 1. Released steps are never edited: a later version appends its own.
//
// body: the bytes of each identity, once. arrival: one row per arrival that was not absorbed.
// arrival.entity is FAMILY/ID; arrival.waits is 1 while an earlier arrival of the same entity is pending, so that the
// arrivals that may be handed over are found by an index however many wait behind them; retry_at is 0 before the first
// try; times are milliseconds since 1970 UTC.
constexpr std::array steps{
    R"sql(
      CREATE TABLE body (
        id INTEGER PRIMARY KEY,
        identity BLOB NOT NULL UNIQUE,
        bytes BLOB NOT NULL
      );
      CREATE TABLE arrival (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        identity BLOB NOT NULL,
        source TEXT NOT NULL,
        event TEXT,
        entity TEXT,
        received_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'processed', 'dead', 'quarantined', 'copy')),
        waits INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        copies INTEGER NOT NULL DEFAULT 0,
        retry_at INTEGER NOT NULL DEFAULT 0,
        finished_at INTEGER,
        freshness TEXT,
        error TEXT NOT NULL DEFAULT ''
      );
      CREATE INDEX arrival_identity ON arrival (identity, seq);
      CREATE INDEX arrival_entity ON arrival (entity, seq) WHERE entity IS NOT NULL;
      CREATE INDEX arrival_entity_pending ON arrival (entity, seq) WHERE state = 'pending';
      CREATE INDEX arrival_ready ON arrival (retry_at, seq) WHERE state = 'pending' AND waits = 0;
      CREATE INDEX arrival_state ON arrival (state);
      CREATE TABLE mark (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) WITHOUT ROWID;
    )sql",
    // tries_before: tries of the sets before the present one, in a row that was replayed -1 - that.
    // head: what each entity was last handled with; it outlives rows and bodies. Version 1 kept none: the last row
    // that was handled becomes it, without a time and unsure, since rows were handed over whatever their order.
    // cut_body: full size of the bodies that were kept in part only. up: when the inbox was open; refused: when pushes
    // were answered 503; gap: what may have been missed (told_at: the application has been told).
    R"sql(
      CREATE TABLE head (
        entity TEXT PRIMARY KEY,
        identity BLOB NOT NULL,
        change TEXT NOT NULL CHECK (change IN ('created', 'deleted', 'updated')),
        changed_s INTEGER,
        changed_ns INTEGER,
        unsure INTEGER NOT NULL,
        handled_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      INSERT INTO head
        SELECT entity, identity, substr(event, instr(event, '.') + 1), NULL, NULL, 1, coalesce(finished_at, received_at)
        FROM arrival WHERE seq IN
          (SELECT max(seq) FROM arrival WHERE state = 'processed' AND entity IS NOT NULL GROUP BY entity);
      ALTER TABLE arrival ADD COLUMN tries_before INTEGER NOT NULL DEFAULT 0;
      CREATE TABLE cut_body (identity BLOB PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE up (id INTEGER PRIMARY KEY, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL);
      CREATE TABLE refused (id INTEGER PRIMARY KEY, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL);
      CREATE TABLE gap (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        reason TEXT NOT NULL,
        told_at INTEGER
      );
      INSERT INTO mark (name, value)
        SELECT 'quarantined_bytes', coalesce(sum(length(bytes)), 0) FROM body
        WHERE identity IN (SELECT identity FROM arrival WHERE state = 'quarantined');
    )sql",
    // An index by a digest or an entity is written at random, a page for each push, and that is what storing costs
    // most. So arrivals are found by the number of their body, which rises, and one index by entity serves all and
    // pending rows. A body that was erased keeps its number: empty, with a row in cut_body.
    R"sql(
      INSERT INTO body (identity, bytes)
        SELECT DISTINCT identity, x'' FROM arrival WHERE identity NOT IN (SELECT identity FROM body);
      INSERT OR IGNORE INTO cut_body (identity, size)
        SELECT DISTINCT identity, 1 FROM arrival WHERE identity IN
          (SELECT identity FROM body WHERE bytes = x'') AND state <> 'quarantined';
      ALTER TABLE arrival ADD COLUMN body INTEGER NOT NULL DEFAULT 0;
      UPDATE arrival SET body = (SELECT id FROM body WHERE body.identity = arrival.identity);
      DROP INDEX arrival_identity;
      DROP INDEX arrival_entity;
      DROP INDEX arrival_entity_pending;
      CREATE INDEX arrival_body ON arrival (body);
      CREATE INDEX arrival_entity ON arrival (entity, (state = 'pending')) WHERE entity IS NOT NULL;
    )sql",
    // No index is written at random any more for each push. Identities get their own table, which is written for many
    // bodies at a time (up to mark numbered_to; the newer ones are in memory); which entities have a row pending is in
    // memory, and an index serves only those rows that wait behind another. Pending rows are in one index, settled ones
    // in another.
    R"sql(
      CREATE TABLE body_by_number (
        id INTEGER PRIMARY KEY,
        identity BLOB NOT NULL,
        bytes BLOB NOT NULL
      );
      INSERT INTO body_by_number (id, identity, bytes) SELECT id, identity, bytes FROM body ORDER BY id;
      DROP TABLE body;
      ALTER TABLE body_by_number RENAME TO body;
      CREATE TABLE body_number (
        identity BLOB PRIMARY KEY,
        body INTEGER NOT NULL
      ) WITHOUT ROWID;
      INSERT INTO body_number (identity, body) SELECT identity, id FROM body ORDER BY identity;
      INSERT INTO mark (name, value) SELECT 'numbered_to', coalesce(max(id), 0) FROM body;
      DROP INDEX arrival_entity;
      DROP INDEX arrival_state;
      CREATE INDEX arrival_waiting ON arrival (entity, seq) WHERE waits = 1;
      CREATE INDEX arrival_settled ON arrival (state, seq) WHERE state <> 'pending';
    )sql",
    // Rows get their numbers from the SDK: AUTOINCREMENT reads and writes a table of its own for each.
    R"sql(
      CREATE TABLE arrival_by_seq (
        seq INTEGER PRIMARY KEY,
        identity BLOB NOT NULL,
        body INTEGER NOT NULL,
        source TEXT NOT NULL,
        event TEXT,
        entity TEXT,
        received_at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'processed', 'dead', 'quarantined', 'copy')),
        waits INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        tries_before INTEGER NOT NULL DEFAULT 0,
        copies INTEGER NOT NULL DEFAULT 0,
        retry_at INTEGER NOT NULL DEFAULT 0,
        finished_at INTEGER,
        freshness TEXT,
        error TEXT NOT NULL DEFAULT ''
      );
      INSERT INTO arrival_by_seq
        SELECT seq, identity, body, source, event, entity, received_at, state, waits, tries, tries_before, copies,
               retry_at, finished_at, freshness, error
        FROM arrival ORDER BY seq;
      INSERT INTO mark (name, value) SELECT 'last_row', seq FROM sqlite_sequence WHERE name = 'arrival';
      DROP TABLE arrival;
      ALTER TABLE arrival_by_seq RENAME TO arrival;
      CREATE INDEX arrival_ready ON arrival (retry_at, seq) WHERE state = 'pending' AND waits = 0;
      CREATE INDEX arrival_body ON arrival (body);
      CREATE INDEX arrival_waiting ON arrival (entity, seq) WHERE waits = 1;
      CREATE INDEX arrival_settled ON arrival (state, seq) WHERE state <> 'pending';
    )sql",
    // A row of the body of its own number, and one that is ready when it comes (waits -1, from mark fresh_from on),
    // have no entry in an index: the table is in their order.
    R"sql(
      DROP INDEX arrival_body;
      CREATE INDEX arrival_body ON arrival (body) WHERE body <> seq;
      INSERT INTO mark (name, value) SELECT 'fresh_from', coalesce(max(seq), 0) + 1 FROM arrival;
    )sql",
};

void refuse_foreign(SqliteConnection& connection, const std::string& name) {
  const bool ours = connection.integer("PRAGMA application_id") == application_id;
  const bool blank = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!ours && !blank)
    throw InboxError("inbox " + name + " is a database of another program: name a file that does not exist yet");
  const std::int64_t version = connection.integer("PRAGMA user_version");
  if (ours && version > std::ssize(steps))
    throw InboxError("inbox " + name + " was written by a newer version (schema " + std::to_string(version) +
                     ", this one knows " + std::to_string(steps.size()) + "): use that version, or another file");
}

void migrate(SqliteConnection& connection) {
  const auto version = static_cast<std::size_t>(connection.integer("PRAGMA user_version"));
  if (version == steps.size()) return;
  SqliteTransaction transaction{connection};
  for (std::size_t step = version; step < steps.size(); ++step) connection.execute(steps[step]);
  connection.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str());
  connection.execute(("PRAGMA user_version = " + std::to_string(steps.size())).c_str());
  transaction.commit();
}

}  // namespace

void check_inbox_version(SqliteConnection& connection, const std::string& name) {
  if (connection.integer("PRAGMA application_id") != application_id)
    throw InboxError("inbox " + name + " is no inbox: name the file that the consumer was given with --inbox");
  refuse_foreign(connection, name);
  if (connection.integer("PRAGMA user_version") != std::ssize(steps))
    throw InboxError("inbox " + name +
                     " was written by an older version: start the consumer once to bring it up to date");
}

void prepare_inbox(SqliteConnection& connection, const std::string& name) {
  refuse_foreign(connection, name);
  const std::string journal = connection.text("PRAGMA journal_mode = WAL");
  if (journal != "wal" && journal != "memory")
    throw InboxError("inbox " + name + " cannot use a write-ahead log here (journal mode " + journal +
                     "): put it on a local file system");
  // What is deleted is overwritten, or erased payloads would stay in unused parts of the file.
  // body_number and head are read and written at random: what of them is in memory is not read again.
  // For each write of a column that CHECKs for one of several words, SQLite builds a table of these words. Only this
  // SDK writes here, and it checks the words that it reads.
  connection.execute(
      "PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = "
      "-32768; PRAGMA ignore_check_constraints = ON");
  migrate(connection);
}

}  // namespace prospero::webhooks
