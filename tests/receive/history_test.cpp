// When the inbox was up, what may have been missed, and that the application is told.
#include <prospero/webhooks/receive/worker.hpp>

#include <atomic>

#include "fixture.hpp"
#include "inbox_history.hpp"
#include "inbox_schema.hpp"
#include "record.hpp"

using namespace receive_test;
using boost::unit_test::label;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

pw::InboxTime later(std::chrono::milliseconds by) {
  return received_at() + by;
}

// The history of a consumer that was up from 0 to 1 h, and again from `up_again`.
void write_history(const std::string& file, std::chrono::milliseconds up_again) {
  pw::open_inbox("sqlite:" + file, [] {
    pw::InboxOptions options;
    options.serving = false;
    return options;
  }());
  pw::SqliteConnection connection{file, pw::SqliteMode::read_write};
  pw::InboxHistory history{connection};
  history.begin(later({}));
  history.beat(later(hours{1}), hours{2});
  history.begin(later(up_again));
}

std::vector<std::string> shown(const std::vector<pw::Gap>& gaps) {
  std::vector<std::string> lines;
  for (const pw::Gap& gap : gaps)
    lines.push_back(std::to_string(gap.id) + " " + std::to_string((gap.from - received_at()) / seconds{1}) + " " +
                    std::to_string((gap.to - received_at()) / seconds{1}) + " " + std::string{to_text(gap.reason)} +
                    (gap.told ? " told" : ""));
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(history)

BOOST_AUTO_TEST_CASE(outage_is_told_about_as_far_as_no_retry_can_come_any_more, *label("R1") * label("R4")) {
  struct Row {
    std::chrono::milliseconds outage, judged_after;
    std::vector<std::string> gaps;
  };
  const Row rows[] = {
      {hours{7}, hours{10}, {}},
      {hours{7} + minutes{2}, hours{7} + minutes{2}, {"0 3595 3660 down"}},
      {hours{7} + minutes{2}, hours{20}, {"0 3595 3660 down"}},
      {hours{9}, hours{9}, {"0 3595 10740 down"}},
  };
  for (const Row& row : rows) {
    const TempFolder folder;
    write_history(folder.file("inbox.db"), hours{1} + row.outage);
    pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
    pw::InboxHistory history{connection};
    history.beat(later(hours{1} + row.judged_after), hours{100});
    const auto now = later(hours{1} + row.judged_after);
    BOOST_TEST(shown(history.all(now, {})) == row.gaps, boost::test_tools::per_element());
  }
}

// A day ahead at the first start; found out at the next heartbeat, or at the next start.
BOOST_AUTO_TEST_CASE(clock_that_was_ahead_hides_no_outage_after_it_was_set_back, *label("R4")) {
  constexpr hours ahead{24};
  for (const bool while_up : {true, false}) {
    const TempFolder folder;
    write_history(folder.file("inbox.db"), minutes{1});  // for its tables
    pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
    connection.execute("DELETE FROM up; DELETE FROM mark WHERE name = 'gaps_judged_to'");
    pw::InboxHistory history{connection};
    history.begin(later(ahead));
    history.beat(later(ahead + minutes{1}), minutes{2});
    while_up ? history.beat(later(minutes{2}), minutes{2}) : history.begin(later(minutes{2}));
    history.beat(later(hours{2}), hours{3});
    history.begin(later(hours{12}));
    const std::vector<std::string> gap{"0 7195 17940 down"};
    BOOST_TEST(shown(history.all(later(hours{12}), {})) == gap, boost::test_tools::per_element());
  }
}

// Down until the start with a clock that is a day ahead, which writes that down, and again after it was set back.
BOOST_AUTO_TEST_CASE(gap_of_a_clock_that_was_ahead_hides_no_outage_after_it_was_set_back, *label("R4")) {
  const TempFolder folder;
  write_history(folder.file("inbox.db"), hours{9} + hours{24});
  pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
  pw::InboxHistory history{connection};
  history.judge(later(hours{33}), {});
  CHECK_LINES(shown(history.all(later(hours{33}), {})), "1 3595 93540 down");
  history.beat(later(hours{9} + minutes{1}), minutes{2});
  history.beat(later(hours{11}), hours{3});
  history.begin(later(hours{20}));
  CHECK_LINES(shown(history.all(later(hours{20}), {})), "1 3595 32460 down", "0 39595 46740 down");
}

BOOST_AUTO_TEST_CASE(gap_is_written_down_once_and_stays_untold_until_it_was_told, *label("R4")) {
  const TempFolder folder;
  write_history(folder.file("inbox.db"), hours{9});
  pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
  pw::InboxHistory history{connection};
  for (const auto now : {hours{9}, hours{10}, hours{30}}) {
    history.beat(later(now), hours{100});
    history.judge(later(now), {});
  }
  CHECK_LINES(shown(history.all(later(hours{30}), {})), "1 3595 7140 down");
  BOOST_TEST((history.untold().value().id == 1u));
  history.told(1, later(hours{30}));
  BOOST_TEST(!history.untold());
  CHECK_LINES(shown(history.all(later(hours{30}), {})), "1 3595 7140 down told");
}

BOOST_AUTO_TEST_CASE(machine_that_slept_was_down) {
  const TempFolder folder;
  write_history(folder.file("inbox.db"), hours{1} + seconds{1});
  pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
  pw::InboxHistory history{connection};
  history.beat(later(hours{2}), seconds{90});
  history.beat(later(hours{20}), seconds{90});
  BOOST_TEST(!history.all(later(hours{20}), {}).empty());
}

BOOST_AUTO_TEST_CASE(time_before_the_first_start_is_no_gap) {
  const auto inbox = pw::open_inbox("memory:");
  BOOST_TEST(inbox->gaps(received_at() + hours{1}).empty());
}

BOOST_AUTO_TEST_CASE(answers_of_503_are_down_times_that_survive_a_restart, *label("R4")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const auto start = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  {
    const auto inbox = pw::open_inbox(url);
    for (const auto at : {seconds{1}, seconds{61}, seconds{3'661}, seconds{25'261}}) inbox->unstored("", start + at);
  }
  {  // as if it had gone on running
    pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
    pw::InboxHistory{connection}.beat(start + hours{8}, hours{100});
  }
  const auto gaps = pw::open_inbox_view(url)->gaps(start + hours{8});
  BOOST_REQUIRE(gaps.size() == 1u);
  BOOST_TEST((gaps[0].from <= start + seconds{1} && gaps[0].to > start + seconds{1}));
}

BOOST_AUTO_TEST_CASE(heartbeat_is_durable_while_the_inbox_is_open) {
  const TempFolder folder;
  pw::InboxOptions options;
  options.heartbeat = std::chrono::milliseconds{1};
  const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"), options);
  pw::SqliteConnection other{folder.file("inbox.db"), pw::SqliteMode::read_only};
  const auto last = [&other] { return other.integer("SELECT max(ended_at) FROM up"); };
  const auto before = last();
  while (last() == before) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(heartbeat_without_end_does_not_beat) {
  const TempFolder folder;
  pw::InboxOptions options;
  options.heartbeat = std::chrono::milliseconds::max();
  const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"), options);
  pw::SqliteConnection other{folder.file("inbox.db"), pw::SqliteMode::read_only};
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
  for (int n = 0; n < 2 || std::chrono::steady_clock::now() < end; ++n)  // a beat would lie between two commits
    store(*inbox, arrival(std::to_string(n)));
  BOOST_TEST(other.integer("SELECT max(ended_at - began_at) FROM up") == 0);
}

BOOST_AUTO_TEST_CASE(times_that_cannot_be_are_refused) {
  pw::InboxOptions attempt, delay, silence;
  attempt.gap_rules.attempt_max = seconds{-1};
  delay.gap_rules.retry_delays[1] = seconds{-1};
  silence.gap_rules.silence_max = seconds{-1};
  for (const pw::InboxOptions& options : {attempt, delay, silence})
    BOOST_CHECK_THROW(pw::open_inbox("memory:", options), pw::InboxError);
}

BOOST_AUTO_TEST_CASE(on_gap_is_called_until_it_returns_and_over_restarts, *label("R4")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  pw::open_inbox(url);
  {  // it was up until nine hours ago
    pw::SqliteConnection connection{folder.file("inbox.db"), pw::SqliteMode::read_write};
    connection.execute("UPDATE up SET began_at = began_at - 36000000, ended_at = ended_at - 32400000");
    connection.execute("UPDATE mark SET value = value - 36000000 WHERE name = 'gaps_judged_to'");
  }
  const pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  Record told, troubles;
  {
    const auto inbox = pw::open_inbox(url);
    pw::WorkerOptions options;
    options.on_gap = [&](const pw::Gap&) { throw std::runtime_error("not now"); };
    options.on_trouble = [&](const std::string& what) { troubles.add(what); };
    const pw::Worker worker{*inbox, dispatcher, options};
    BOOST_TEST(troubles.wait_for(1).at(0) == "a gap could not be told and will be told again: not now");
  }
  const auto inbox = pw::open_inbox(url);
  pw::WorkerOptions options;
  options.on_gap = [&](const pw::Gap& gap) {
    told.add(std::string{to_text(gap.reason)} + " " + std::to_string((gap.to - gap.from) / minutes{1}));
  };
  pw::Worker worker{*inbox, dispatcher, options};
  BOOST_TEST(told.wait_for(1).at(0) == "down 119");
  worker.stop();
  BOOST_TEST(inbox->gaps(received_at()).at(0).told);
}

BOOST_AUTO_TEST_CASE(last_push_of_each_source_is_known_after_a_restart_and_a_purge) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  const std::map<std::string, pw::InboxTime> both{{"", received_at()}, {"orgA", received_at()}};
  {
    const auto inbox = pw::open_inbox(url);
    BOOST_TEST(store(*inbox, arrival("one")).durable());
    BOOST_TEST(store(*inbox, arrival("other", {}, "orgA")).durable());
    BOOST_TEST((inbox->counts().last_push_at == both));
    BOOST_TEST((pw::open_inbox_view(url)->counts().last_push_at == both));
    while (const auto taken = inbox->take(received_at()))
      inbox->finish(taken->row.seq, handed(pw::InboxState::processed));
    BOOST_TEST(inbox->purge(later(hours{1}), {}).rows == 2u);
  }
  BOOST_TEST((pw::open_inbox(url)->counts().last_push_at == both));
}

BOOST_AUTO_TEST_CASE(what_is_kept_aside_is_no_push, *label("X1")) {
  const TempFolder folder;
  const std::string url = "sqlite:" + folder.file("inbox.db");
  {
    const auto inbox = pw::open_inbox(url);
    BOOST_TEST(store(*inbox, malformed("{")).durable());
    BOOST_TEST(inbox->counts().last_push_at.empty());
    BOOST_TEST(pw::open_inbox_view(url)->counts().last_push_at.empty());
  }
  BOOST_TEST(pw::open_inbox(url)->counts().last_push_at.empty());
}

BOOST_AUTO_TEST_SUITE_END()
