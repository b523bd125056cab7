// Inbox files of the schema before.
#include <prospero/webhooks/receive/worker.hpp>

#include <fstream>

#include "fixture.hpp"
#include "history_model.hpp"
#include "record.hpp"
#include "sqlite.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";

// As version 0.1.0 wrote it.
constexpr const char* schema_1 = R"sql(
  PRAGMA journal_mode = WAL;
  CREATE TABLE body (id INTEGER PRIMARY KEY, identity BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL);
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
  CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA application_id = 1347905902;
  PRAGMA user_version = 1;
)sql";

class OldFile {
 public:
  explicit OldFile(const std::string& file) {
    std::ofstream{file}.close();
    connection_.emplace(file, pw::SqliteMode::read_write);
    connection_->execute(schema_1);
  }

  void run(const char* sql) { connection_->execute(sql); }
  void add(const std::string& body, const char* event, const char* state, bool of_entity = true) {
    pw::SqliteStatement insert_body{*connection_, "INSERT OR IGNORE INTO body (identity, bytes) VALUES (?1, ?2)"};
    const auto identity = pw::identity_of(body);
    insert_body.bind_blob(1, pw::raw(identity)).bind_blob(2, body).run();
    pw::SqliteStatement insert{*connection_,
                               "INSERT INTO arrival (identity, source, event, entity, received_at, state, tries)"
                               " VALUES (?1, 'org', ?2, ?3, ?4, ?5, 1)"};
    insert.bind_blob(1, pw::raw(identity))
        .bind(2, std::string_view{event})
        .bind(3, of_entity ? std::optional{"invoice/" + id} : std::nullopt)
        .bind(4, received_at().time_since_epoch().count())
        .bind(5, std::string_view{state})
        .run();
  }

 private:
  std::optional<pw::SqliteConnection> connection_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(migration)

BOOST_AUTO_TEST_CASE(file_of_schema_1_keeps_its_rows_and_gets_unsure_heads, *label("H2") * label("H9")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const Version created{pw::Change::created, 'a', pw::Timestamp{1'767'225'600, 0}};
  const Version updated{pw::Change::updated, 'b', pw::Timestamp{1'767'225'601, 0}};
  {
    OldFile old{file};
    old.add(body_of(created, id), "invoice.created", "processed");
    old.add(body_of(updated, id), "invoice.updated", "processed");
    old.add("{", "", "quarantined", false);
  }
  BOOST_CHECK_EXCEPTION(pw::open_inbox_view("sqlite:" + file), pw::InboxError, [](const auto& error) {
    return std::string{error.what()}.find("older version: start the consumer once") != std::string::npos;
  });
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(inbox->counts().processed == 2u);
  BOOST_TEST(inbox->counts().quarantined_bytes == 1u);
  BOOST_TEST(inbox->body(pw::identity_of(body_of(created, id))).value().whole());
  store(*inbox, arrival(body_of(updated, id), id));
  const auto taken = inbox->take(received_at() + std::chrono::hours{1}).value();
  BOOST_TEST((taken.head == pw::Head{{taken.row.identity, pw::Change::updated, std::nullopt}, true}));
  BOOST_TEST(pw::open_inbox_view("sqlite:" + file)->counts().processed == 2u);
}

BOOST_AUTO_TEST_CASE(what_waited_in_a_file_of_schema_1_is_handed_over, *label("R3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  OldFile{file}.add(body_of({pw::Change::created, 'a', std::nullopt}, id), "invoice.created", "pending");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  Record calls;
  const pw::Dispatcher dispatcher{
      [&calls](const pw::AnyPayload&, pw::Delivery& how, pw::Known) { calls.add(std::to_string(how.tries)); }};
  const pw::Worker worker{*inbox, dispatcher};
  CHECK_LINES(calls.wait_for(1), "2");
}

// Bodies had numbers of their own, each less than that of its rows here.
BOOST_AUTO_TEST_CASE(rows_of_a_body_of_schema_1_are_found_beside_new_ones, *label("D2") * label("H3")) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto body = [](char note) { return body_of({pw::Change::updated, note, std::nullopt}, id); };
  {
    OldFile old{file};
    for (const char note : {'a', 'a', 'b', 'c', 'b'}) old.add(body(note), "invoice.updated", "processed");
  }
  const auto inbox = pw::open_inbox("sqlite:" + file);
  const auto later = received_at() + std::chrono::hours{1};
  for (const auto& [note, seen] : {std::pair{'a', true}, {'b', true}, {'c', true}, {'d', false}, {'d', true}}) {
    store(*inbox, arrival(body(note), id));
    const auto taken = inbox->take(later).value();
    BOOST_TEST(taken.seen_before == seen);
    BOOST_TEST(taken.handled_before == seen);
    BOOST_TEST(taken.body == body(note));
    inbox->finish(taken.row.seq, handed(pw::InboxState::processed));
  }
  BOOST_TEST(inbox->purge(later, {}).rows == 10u);
  store(*inbox, arrival(body('a'), id));
  BOOST_TEST(!inbox->take(later).value().seen_before);
}

BOOST_AUTO_TEST_CASE(numbers_of_rows_that_an_older_version_removed_are_not_used_again) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  {
    OldFile old{file};
    for (const char* body : {"{", "[", "!"}) old.add(body, "", "quarantined", false);
    old.run("DELETE FROM arrival WHERE seq > 1");
  }
  const auto inbox = pw::open_inbox("sqlite:" + file);
  BOOST_TEST(store(*inbox, malformed("}")).seq == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
