// Payloads of an entity are gone, from the file too.
#include <prospero/webhooks/receive/inbox.hpp>

#include <fstream>
#include <iterator>

#include "inbox_schema.hpp"
#include "push_reader.hpp"
#include "sqlite.hpp"
#include "text_search.hpp"
#include "upkeep_fixture.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

bool file_holds(const std::string& file, const std::string& text) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return bytes.find(text) != std::string::npos;
}

/// An ASCII text as UTF-16 or UTF-32, little-endian.
std::string widened(const std::string& text, std::size_t width) {
  std::string wide;
  for (const char character : text) wide += character + std::string(width - 1, '\0');
  return wide;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(upkeep)

BOOST_AUTO_TEST_CASE(id_is_found_however_it_is_written) {
  for (const char* const text : {"ab-12", "AB-12 and more", "a \\u0061b-12", R"(\u0061\u0062\u002d\u0031\u0032)",
                                 R"(\\u0041B\u002D12)", R"(\u00zz\u00aab-12)", R"(\u00ab-12 ab-\u00312)"})
    BOOST_TEST(pw::holds_text(text, "ab-12"), text);
  for (const char* const text :
       {"", "ab-1", R"(ab-1\u0033)", R"(\u0061b-1\u003)", R"(ab-1\u00)", R"(\u0161b-12)", "\\u00"})
    BOOST_TEST(!pw::holds_text(text, "ab-12"), text);
}

BOOST_AUTO_TEST_CASE(id_is_found_in_utf_16_and_utf_32) {
  for (const std::size_t width : {2u, 4u}) {
    BOOST_TEST(pw::holds_text("\xff\xfe" + widened("an AB-12", width), "ab-12"));
    BOOST_TEST(pw::holds_text('\0' + widened(R"(\u0041b-12)", width), "ab-12"));
    BOOST_TEST(!pw::holds_text(widened("ab-1", width), "ab-12"));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_may_hold_an_id_unseen_are_no_plain_text) {
  using namespace std::string_literals;
  for (const std::string& text : {"{"s, ""s, "\xef\xbb\xbf{bad \xc3\xa4"s, "\xe2\x82\xac"s, R"({"a":"\u0000"})"s})
    BOOST_TEST(pw::is_plain_text(text), text);
  for (const std::string& bytes :
       {"{\0\"\0"s, "{bad \xff"s, "{bad"s + '\0', "caf\xe9"s, "\xef\xbb\xbf{bad \xff"s, "\xfe\xff"s, "\x1f\x8b"s})
    BOOST_TEST(!pw::is_plain_text(bytes), bytes);
}

BOOST_AUTO_TEST_CASE(payloads_that_cannot_be_searched_are_counted) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const std::string with_id = widened(R"({"event":"x","id":")" + id + R"("})", 2);
    for (const std::string& body : {widened("{}", 2), std::string("caf\xe9"), std::string("plain"), with_id})
      store(inbox, malformed(body));
    const pw::Erased erased = inbox.erase("invoice", id);
    BOOST_TEST(erased.bodies == 1u);
    BOOST_TEST(erased.unsearched == 2u);
    BOOST_TEST(!inbox.body(pw::identity_of(with_id)));
  });
}

BOOST_AUTO_TEST_CASE(payloads_that_belong_to_no_entity_are_erased_when_they_hold_its_id) {
  on_both_inboxes([](pw::Inbox& inbox) {
    const std::string unknown = R"({"event":"invoice.sent","data":{"id":")" + id + R"("}})";
    const std::string aside = "not JSON, about 6F1C2A00-8D3E-11EE-B962-0242AC120001";
    pw::Arrival encoded = malformed("\x1f\x8b");
    encoded.quarantine_reason = pw::encoded_reason;
    store(inbox, malformed("of nobody"));
    store(inbox, malformed(aside));
    store(inbox, encoded);
    store(inbox, arrival(unknown));
    settle_next(inbox, InboxState::processed);
    const pw::Erased erased = inbox.erase("invoice", id);
    BOOST_TEST(erased.bodies == 2u);
    BOOST_TEST(erased.unsearched == 1u);
    for (const std::string& body : {unknown, aside}) BOOST_TEST(!inbox.body(pw::identity_of(body)));
    BOOST_TEST(inbox.body(pw::identity_of("of nobody")).has_value());
    BOOST_TEST(inbox.counts().quarantined_bytes == 11u);
    BOOST_TEST(to_text(inbox.find(2).value().state) == "quarantined");
    BOOST_TEST(inbox.find(2).value().error == "not JSON");
  });
}

BOOST_AUTO_TEST_CASE(erasing_beside_a_reader_holds_up_no_push_and_says_that_the_log_is_not_empty) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  store(*inbox, arrival(push_body("Jane Roe"), id));
  {
    pw::SqliteConnection reader{file, pw::SqliteMode::read_only};
    reader.execute("BEGIN");
    reader.integer("SELECT count(*) FROM arrival");
    BOOST_TEST(refusal([&] { inbox->erase("invoice", id); }).find("erase again") != std::string::npos);
  }
  BOOST_TEST(inbox->erase("invoice", id).bodies == 0u);
  for (const char* part : {"", "-wal"}) BOOST_TEST(!file_holds(file + part, "Jane Roe"));
}

BOOST_AUTO_TEST_CASE(whatever_is_deleted_is_overwritten) {
  pw::SqliteConnection connection{"", pw::SqliteMode::in_memory};
  connection.execute("PRAGMA secure_delete = OFF");
  pw::prepare_inbox(connection, "memory:");
  BOOST_TEST(connection.integer("PRAGMA secure_delete") == 1);
}

BOOST_AUTO_TEST_CASE(erased_payloads_are_gone_from_the_file_too) {
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  const auto inbox = pw::open_inbox("sqlite:" + file);
  const std::string secret = "Jane Roe, 1 Main Street";
  store(*inbox, arrival(push_body(secret), id));
  store(*inbox, arrival("of another", "b"));
  const auto running = inbox->take(soon()).value().row.seq;
  BOOST_TEST(refusal([&] { inbox->erase("invoice", id); }).find("is being handled") != std::string::npos);
  auto failed = handed(InboxState::pending);
  failed.error = "cannot send to " + secret;
  inbox->finish(running, failed);
  BOOST_TEST(inbox->erase("invoice", "6F1C2A00-8D3E-11EE-B962-0242AC120001").bodies == 1u);
  for (const char* part : {"", "-wal"}) BOOST_TEST(!file_holds(file + part, "Jane Roe"));
  const auto row = inbox->find(running).value();
  BOOST_TEST(to_text(row.state) == "dead");
  BOOST_TEST(row.error == "the payload was erased");
  BOOST_TEST(refusal([&] { inbox->retry(rows({running})); }).find("was erased") != std::string::npos);
  BOOST_TEST(refusal([&] { inbox->erase("offer", id); }).find("holds nothing about") != std::string::npos);
  BOOST_TEST(inbox->take(soon()).value().body == "of another");
}

BOOST_AUTO_TEST_CASE(erased_bytes_that_come_again_are_stored_again, *label("R3")) {
  const auto inbox = pw::open_inbox("memory:");
  store(*inbox, arrival("{}", id));
  inbox->erase("invoice", id);
  BOOST_TEST(!inbox->body(pw::identity_of("{}")));
  BOOST_TEST(store(*inbox, arrival("{}", id)).durable());
  BOOST_TEST(inbox->body(pw::identity_of("{}")).value().bytes == "{}");
  BOOST_TEST(inbox->take(soon()).value().body == "{}");
}

BOOST_AUTO_TEST_SUITE_END()
