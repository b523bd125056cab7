// Exactly once through the application's own database.
#include <prospero/webhooks/receive/done_mark.hpp>
#include <prospero/webhooks/receive/worker.hpp>

#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <latch>
#include <map>
#include <mutex>
#include <random>

#include "fixture.hpp"
#include "record.hpp"

using namespace receive_test;
using boost::unit_test::label;

namespace {

// The application's database: how often each push took effect.
class AppDatabase {
 public:
  explicit AppDatabase(const std::string& file) {
    if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) throw std::runtime_error("no application database");
    sqlite3_busy_timeout(db_, 10'000);
    run("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS effect (identity TEXT PRIMARY KEY, times INTEGER)");
    pw::make_done_marks(db_);
  }
  ~AppDatabase() { sqlite3_close(db_); }
  AppDatabase(const AppDatabase&) = delete;
  AppDatabase& operator=(const AppDatabase&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      throw std::runtime_error(sqlite3_errmsg(db_));
  }

  /// The handler's transaction.
  void take_effect(const pw::Delivery& how) {
    run("BEGIN IMMEDIATE");
    run("INSERT INTO effect VALUES ('" + how.identity.hex() +
        "', 1) ON CONFLICT (identity) DO UPDATE SET times = times + 1");
    pw::write_done_mark(db_, how);
    run("COMMIT");
  }

  std::map<int, int> identities_by_times() {
    std::map<int, int> counts;
    sqlite3_stmt* rows = nullptr;
    sqlite3_prepare_v2(db_, "SELECT times, count(*) FROM effect GROUP BY times", -1, &rows, nullptr);
    while (sqlite3_step(rows) == SQLITE_ROW) counts[sqlite3_column_int(rows, 0)] = sqlite3_column_int(rows, 1);
    sqlite3_finalize(rows);
    return counts;
  }

  sqlite3* handle() const { return db_; }

 private:
  sqlite3* db_ = nullptr;
};

// A consumer over both files, with one thread.
struct Consumer {
  Consumer(const TempFolder& folder, pw::WorkerOptions options)
      : app(folder.file("app.db")), inbox(pw::open_inbox("sqlite:" + folder.file("inbox.db"))) {
    options.threads = 1;
    options.find_done_mark = [this](const pw::Identity& identity, std::uint64_t seq) {
      return pw::find_done_mark(app.handle(), identity, seq);
    };
    worker.emplace(*inbox, dispatcher, std::move(options));
  }

  AppDatabase app;
  pw::Dispatcher dispatcher{[this](const pw::AnyPayload&, pw::Delivery& how, pw::Known) { app.take_effect(how); }};
  std::unique_ptr<pw::Inbox> inbox;
  std::optional<pw::Worker> worker;
};

std::string body(int number) {
  return R"({"event":"weather.changed","data":)" + std::to_string(number) + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(done_mark)

BOOST_AUTO_TEST_CASE(mark_keeps_what_the_handler_observed) {
  const TempFolder folder;
  AppDatabase app{folder.file("app.db")};
  pw::Delivery how;
  how.identity = pw::identity_of("x");
  const std::optional<pw::Observation> observations[] = {std::nullopt, pw::Observation{true, std::nullopt},
                                                         pw::Observation{false, std::nullopt},
                                                         pw::Observation{false, pw::Timestamp{1'767'225'600, 5}}};
  for (const auto& observation : observations) {
    ++how.seq;
    how.observation = observation;
    BOOST_TEST(!pw::find_done_mark(app.handle(), how.identity, how.seq));
    pw::write_done_mark(app.handle(), how);
    pw::write_done_mark(app.handle(), how);
    BOOST_TEST((pw::find_done_mark(app.handle(), how.identity, how.seq).value().observation == observation));
  }
  pw::forget_done_marks_below(app.handle(), 4);
  BOOST_TEST(!pw::find_done_mark(app.handle(), how.identity, 3));
  BOOST_TEST(pw::find_done_mark(app.handle(), how.identity, 4).has_value());
  BOOST_TEST(!pw::find_done_mark(app.handle(), pw::identity_of("y"), 4));
}

BOOST_AUTO_TEST_CASE(marks_of_before_are_read) {
  const TempFolder folder;
  AppDatabase app{folder.file("app.db")};
  app.run(
      "INSERT INTO prospero_done_mark (seq, identity, observed) VALUES (1, zeroblob(32), NULL),"
      " (2, zeroblob(32), 'gone'), (3, zeroblob(32), '2026-01-01T00:00:00Z')");
  const auto found = [&](std::uint64_t seq) { return pw::find_done_mark(app.handle(), {}, seq).value().observation; };
  BOOST_TEST(!found(1));
  BOOST_TEST((found(2) == pw::Observation{true, std::nullopt}));
  BOOST_TEST((found(3) == pw::Observation{false, pw::Timestamp{1'767'225'600}}));
}

BOOST_AUTO_TEST_CASE(database_that_cannot_keep_marks_is_an_error_in_its_own_words) {
  sqlite3* db = nullptr;
  BOOST_REQUIRE(sqlite3_open(":memory:", &db) == SQLITE_OK);
  BOOST_CHECK_EXCEPTION(pw::find_done_mark(db, {}, 1), pw::DoneMarkError, [](const auto& error) {
    return std::string{error.what()}.find("no such table: prospero_done_mark") != std::string::npos;
  });
  sqlite3_close(db);
}

BOOST_AUTO_TEST_CASE(handler_that_failed_after_its_commit_is_not_called_again) {
  const TempFolder folder;
  const auto inbox = pw::open_inbox("memory:");
  AppDatabase app{folder.file("app.db")};
  const pw::Dispatcher dispatcher{[&app](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    app.take_effect(how);
    throw std::runtime_error("too late");
  }};
  Record settled;
  pw::WorkerOptions options;
  options.threads = 1;  // so that the first report is out before the second try
  options.backoff_min = options.backoff_max = std::chrono::milliseconds{0};
  options.find_done_mark = [&app](const pw::Identity& identity, std::uint64_t seq) {
    return pw::find_done_mark(app.handle(), identity, seq);
  };
  options.on_handled = [&settled](const pw::InboxRow& row) { settled.add(std::string{to_text(row.state)}); };
  store(*inbox, arrival(body(1)));
  const pw::Worker worker{*inbox, dispatcher, options};
  CHECK_LINES(settled.wait_for(2), "pending", "processed");
  BOOST_TEST((app.identities_by_times() == std::map<int, int>{{1, 1}}));
}

BOOST_AUTO_TEST_CASE(dead_row_that_is_retried_needs_its_mark_which_stays_when_those_below_it_are_forgotten) {
  const TempFolder folder;
  const auto inbox = pw::open_inbox("memory:");
  AppDatabase app{folder.file("app.db")};
  const pw::Dispatcher dispatcher{[&app](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    app.take_effect(how);
    if (how.seq == 2) throw std::runtime_error("too late");
  }};
  Record settled;
  pw::WorkerOptions options;
  options.threads = options.tries_max = 1;
  options.find_done_mark = [&app](const pw::Identity& identity, std::uint64_t seq) {
    return pw::find_done_mark(app.handle(), identity, seq);
  };
  options.on_handled = [&settled](const pw::InboxRow& row) { settled.add(std::string{to_text(row.state)}); };
  for (int n = 1; n <= 3; ++n) store(*inbox, arrival(body(n)));
  const pw::Worker worker{*inbox, dispatcher, options};
  CHECK_LINES(settled.wait_for(3), "processed", "dead", "processed");
  pw::forget_done_marks_below(app.handle(), 2);
  inbox->retry({pw::RowSelection::Kind::dead, {}});
  CHECK_LINES(settled.wait_for(4), "processed", "dead", "processed", "processed");
  BOOST_TEST((app.identities_by_times() == std::map<int, int>{{1, 3}}));
}

BOOST_AUTO_TEST_CASE(each_push_takes_effect_exactly_once_over_kill_9, *label("R3")) {
  constexpr int rounds = 20, pushes = 220;
  constexpr unsigned seed = 20'261'124;
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  const TempFolder folder;
  {
    const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"));
    for (int n = 0; n < pushes; ++n) inbox->store(arrival(body(n)), [](const pw::StoreResult&) {});
  }
  for (int round = 0; round < rounds; ++round) {
    const auto dies_at = static_cast<unsigned>(random() % 8), dies_after_us = static_cast<unsigned>(random() % 500);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
      std::atomic<unsigned> handled{0};
      pw::WorkerOptions options;
      options.on_handled = [&](const pw::InboxRow&) { ++handled; };
      const Consumer consumer{folder, options};
      while (handled < dies_at) std::this_thread::yield();
      ::usleep(dies_after_us);  // somewhere within a handler, its commit, or the note of it
      ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(child, nullptr, 0);
  }
  Record all;
  pw::WorkerOptions options;
  options.on_handled = [&all](const pw::InboxRow&) { all.add("handled"); };
  Consumer consumer{folder, options};
  while (consumer.inbox->counts().pending > 0) std::this_thread::yield();
  consumer.worker->stop();
  BOOST_TEST(all.wait_for(1).size() > 0u);
  BOOST_TEST((consumer.app.identities_by_times() == std::map<int, int>{{1, pushes}}));
  BOOST_TEST(consumer.inbox->counts().processed == static_cast<std::uint64_t>(pushes));
}

BOOST_AUTO_TEST_CASE(open_transaction_of_a_handler_delays_no_commit_of_the_inbox, *label("D4")) {
  const TempFolder folder;
  const auto inbox = pw::open_inbox("sqlite:" + folder.file("inbox.db"));
  AppDatabase app{folder.file("app.db")};
  std::latch holds{1}, let_go{1};
  const pw::Dispatcher dispatcher{[&](const pw::AnyPayload&, pw::Delivery& how, pw::Known) {
    if (how.seq > 1) return;
    app.run("BEGIN IMMEDIATE");
    holds.count_down();
    let_go.wait();
    app.run("COMMIT");
  }};
  store(*inbox, arrival(body(0)));
  pw::Worker worker{*inbox, dispatcher};
  holds.wait();
  for (int n = 1; n <= 100; ++n) BOOST_TEST(store(*inbox, arrival(body(n))).durable());
  let_go.count_down();
}

BOOST_AUTO_TEST_SUITE_END()
