// What the inbox notices of webhooks that may have been disabled: each source by itself, over one push and a restart.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "inbox_note.hpp"
#include "record.hpp"
#include "sqlite.hpp"
#include "support/forgetful_disk.hpp"
#include "support/held_syncs.hpp"

using namespace receive_test;
using boost::unit_test::label;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

pw::InboxTime before(std::chrono::milliseconds by) {
  return received_at() - by;
}

// Twenty failed answers of a source, a second apart, from `ago` on.
void fail(pw::Inbox& inbox, const std::string& source, std::chrono::seconds ago) {
  for (int n = 0; n < 20; ++n) inbox.unstored(source, before(ago - seconds{n}));
}

Lines shown(const std::vector<pw::Gap>& gaps) {
  Lines lines;
  for (const pw::Gap& gap : gaps)
    lines.push_back((gap.id == 0 ? "open " : "") + std::string{to_text(gap.reason)} + " of " + gap.source + " since " +
                    std::to_string((received_at() - gap.from) / seconds{1}));
  return lines;
}

// Once so many are written down.
Lines written_down(pw::InboxView& inbox, std::size_t count = 1) {
  for (;;) {
    const auto gaps = inbox.gaps(received_at());
    if (gaps.size() >= count && gaps[count - 1].id > 0) return shown(gaps);
    std::this_thread::yield();
  }
}

pw::InboxOptions heartbeats_only_for_failures() {
  pw::InboxOptions options;
  options.heartbeat = hours{100};
  return options;
}

void note_in_lock(const std::string& file, const pw::FailedRows& rows) {
  const int lock = ::open((file + ".lock").c_str(), O_RDWR | O_CLOEXEC);
  BOOST_TEST(pw::write_note(lock, rows));
  ::close(lock);
}

// It writes nothing down by itself, as on a full disk.
std::unique_ptr<pw::Inbox> open_at_rest(const std::string& url) {
  pw::InboxOptions options;
  options.serving = false;
  return pw::open_inbox(url, options);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(silence)

BOOST_AUTO_TEST_CASE(many_failures_are_seen_before_they_are_written_down, *label("X1")) {
  const auto inbox = open_at_rest("memory:");
  for (int n = 0; n < 19; ++n) inbox->unstored("orgB", received_at());
  fail(*inbox, "orgA", seconds{60});
  CHECK_LINES(shown(inbox->gaps(received_at())), "open may_be_disabled of orgA since 60");
}

BOOST_AUTO_TEST_CASE(only_a_push_of_the_same_source_ends_a_row_of_failures, *label("X1")) {
  const auto inbox = open_at_rest("memory:");
  for (const char* source : {"orgA", "orgB", ""}) {
    for (int n = 0; n < 19; ++n) inbox->unstored(source, before(seconds{60}));
  }
  BOOST_TEST(store(*inbox, arrival("one", {}, "orgB")).durable());
  BOOST_TEST(store(*inbox, malformed("{")).durable());
  for (const char* source : {"orgA", "orgB", ""}) inbox->unstored(source, before(seconds{30}));
  CHECK_LINES(shown(inbox->gaps(received_at())), "open may_be_disabled of  since 60",
              "open may_be_disabled of orgA since 60");
}

BOOST_AUTO_TEST_CASE(many_failures_are_written_down_without_waiting_for_a_heartbeat, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = pw::open_inbox(url);
  fail(*inbox, "orgA", seconds{60});
  CHECK_LINES(written_down(*pw::open_inbox_view(url)), "may_be_disabled of orgA since 60");
  BOOST_TEST(inbox->next_gap().value().source == "orgA");
}

BOOST_AUTO_TEST_CASE(row_of_failures_is_written_down_once_however_many_heartbeats_follow, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = pw::open_inbox(url, heartbeats_only_for_failures());
  const auto view = pw::open_inbox_view(url);
  fail(*inbox, "orgA", seconds{60});
  written_down(*view);
  fail(*inbox, "orgC", seconds{30});
  CHECK_LINES(written_down(*view, 2), "may_be_disabled of orgA since 60", "may_be_disabled of orgC since 30");
}

// The push and the failures before it meet the writer together, so that the row has ended before it is judged.
BOOST_AUTO_TEST_CASE(row_that_a_push_has_ended_is_written_down_once, *label("X1")) {
  const TempFolder folder;
  test_support::HeldSyncs disk{"held"};
  const test_support::DefaultLayer all_on_it{"held"};
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = pw::open_inbox(url, heartbeats_only_for_failures());
  const auto view = pw::open_inbox_view(url);
  disk.hold();
  inbox->store(arrival("one", {}, "orgB"), [](const pw::StoreResult&) {});
  disk.wait_for_one();
  fail(*inbox, "orgA", seconds{60});
  inbox->store(arrival("two", {}, "orgA"), [](const pw::StoreResult&) {});
  disk.let_go();
  BOOST_TEST((written_down(*view), view->gaps(received_at()).at(0).to == received_at()));
  fail(*inbox, "orgC", seconds{30});
  CHECK_LINES(written_down(*view, 2), "may_be_disabled of orgA since 60", "may_be_disabled of orgC since 30");
}

BOOST_AUTO_TEST_CASE(failures_that_only_the_lock_file_tells_of_are_seen_from_beside, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = open_at_rest(url);
  note_in_lock(folder.file("inbox.db"),
               {{"orgA", {20, before(seconds{60}), {}}}, {"orgB", {19, before(seconds{60}), {}}}});
  CHECK_LINES(shown(pw::open_inbox_view(url)->gaps(received_at())), "open may_be_disabled of orgA since 60");
}

BOOST_AUTO_TEST_CASE(failures_are_seen_from_beside_while_the_disk_hangs, *label("X1")) {
  const TempFolder folder;
  test_support::HeldSyncs disk{"held"};
  const test_support::DefaultLayer all_on_it{"held"};
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto inbox = pw::open_inbox(url);
  const auto view = pw::open_inbox_view(url);
  disk.hold();
  std::promise<void> stored;
  inbox->store(arrival("one", {}, "orgB"), [&stored](const pw::StoreResult&) { stored.set_value(); });
  disk.wait_for_one();
  fail(*inbox, "orgA", seconds{60});
  const auto latest = std::chrono::steady_clock::now() + seconds{10};
  Lines seen;
  while (seen.empty() && std::chrono::steady_clock::now() < latest) {
    seen = shown(view->gaps(received_at()));
    std::this_thread::yield();
  }
  disk.let_go();
  stored.get_future().wait();
  CHECK_LINES(seen, "open may_be_disabled of orgA since 60");
}

BOOST_AUTO_TEST_CASE(failures_are_seen_from_beside_when_the_present_folder_has_changed, *label("X1")) {
  const TempFolder folder;
  const auto inbox = open_at_rest("sqlite:" + folder.file("inbox.db"));
  note_in_lock(folder.file("inbox.db"), {{"orgA", {20, before(seconds{60}), {}}}});
  const auto present = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const auto view = pw::open_inbox_view("sqlite:inbox.db");
  std::filesystem::current_path(present);
  CHECK_LINES(shown(view->gaps(received_at())), "open may_be_disabled of orgA since 60");
}

BOOST_AUTO_TEST_CASE(row_that_a_push_ended_before_a_crash_is_told_as_far_as_it_went, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url);
    BOOST_TEST(store(*inbox, arrival("one", {}, "orgA")).durable());
  }
  note_in_lock(folder.file("inbox.db"), {{"orgA", {20, before(seconds{60}), {}}}});
  const auto gaps = pw::open_inbox(url)->gaps(received_at());
  CHECK_LINES(shown(gaps), "may_be_disabled of orgA since 60");
  BOOST_TEST((gaps[0].to == received_at()));
}

BOOST_AUTO_TEST_CASE(row_that_follows_one_that_a_push_ended_is_not_forgotten_over_a_crash, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  pw::SilenceStates states;
  pw::SilenceState& state = states["orgA"];
  for (int n = 0; n < 20; ++n) pw::note_failure(state, before(seconds{90 - n}));
  pw::note_push(state, before(seconds{60}));
  for (int n = 0; n < 30; ++n) pw::note_failure(state, before(seconds{50 - n}));
  {
    const auto inbox = open_at_rest(url);
    pw::Arrival ending = arrival("one", {}, "orgA");
    ending.received_at = before(seconds{60});
    BOOST_TEST(store(*inbox, std::move(ending)).durable());
    note_in_lock(folder.file("inbox.db"), pw::failed_rows(states));
    CHECK_LINES(shown(pw::open_inbox_view(url)->gaps(received_at())), "open may_be_disabled of orgA since 90",
                "open may_be_disabled of orgA since 50");
  }
  const auto gaps = pw::open_inbox(url)->gaps(received_at());
  CHECK_LINES(shown(gaps), "may_be_disabled of orgA since 90", "open may_be_disabled of orgA since 50");
  BOOST_TEST((gaps[0].to == before(seconds{60})));
}

BOOST_AUTO_TEST_CASE(each_source_is_silent_by_itself_and_one_that_is_gone_is_not_missed, *label("X1")) {
  const TempFolder folder;
  pw::InboxOptions options;
  options.sources = {"orgA", "orgB", "orgC"};
  options.gap_rules.silence_max = {};  // never
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url, options);
    for (const char* source : {"orgA", "orgC"}) {
      pw::Arrival old = arrival(source, {}, source);
      old.received_at = before(hours{30});
      BOOST_TEST(store(*inbox, std::move(old)).durable());
    }
    BOOST_TEST(store(*inbox, arrival("one", {}, "orgB")).durable());
  }
  options.sources = {"orgA", "orgB"};
  options.gap_rules = {};
  const auto gaps = pw::open_inbox(url, options)->gaps(received_at());
  BOOST_REQUIRE(gaps.size() == 1u);
  BOOST_TEST(gaps[0].source == "orgA");
  BOOST_TEST((gaps[0].from == before(hours{30})));
  pw::SqliteConnection file{folder.file("inbox.db"), pw::SqliteMode::read_only};
  BOOST_TEST(file.integer("SELECT count(*) FROM mark WHERE name = 'last_push_at orgB'") == 1);
  BOOST_TEST(file.integer("SELECT count(*) FROM mark WHERE name = 'last_push_at orgC'") == 0);
}

BOOST_AUTO_TEST_CASE(note_keeps_its_size_and_what_each_source_had) {
  const TempFolder folder;
  const int file = ::open(folder.file("note").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  BOOST_TEST(!pw::read_note(file));
  const pw::FailedRows rows{{"", {20, at(1'700'000'000'123), {}}},
                            {"org A", {4'000'000'000, at(1), {{at(1), at(1'700'000'000'123)}}}},
                            {"orgB", {0, {}, {{at(2), at(3)}}}}};
  BOOST_TEST(pw::write_note(file, {{"", {}}, {"org A", {}}, {"orgB", {}}, {"orgC", {}}}));
  const auto size = std::filesystem::file_size(folder.file("note"));
  BOOST_TEST(pw::write_note(file, rows));
  BOOST_TEST((pw::read_note(file) == rows));
  BOOST_TEST(std::filesystem::file_size(folder.file("note")) == size - 57u - 73u);
  ::close(file);
  BOOST_TEST((pw::read_note(folder.file("note")) == rows));
  BOOST_TEST(!pw::read_note(folder.file("other")));
}

BOOST_AUTO_TEST_SUITE_END()
