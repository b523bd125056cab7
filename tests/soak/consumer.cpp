// A consumer to be killed, starved and overloaded: plain HTTP on loopback, the inbox in a file, one handler that takes
// effect once for each body in a database of its own, with the done-mark. Prints its port when it serves.
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <csignal>
#include <iostream>
#include <mutex>
#include <optional>
#include <prospero/webhooks/webhooks.hpp>
#include <thread>

namespace pw = prospero::webhooks;

namespace {

std::atomic<int> sync_us{0};

class AppDatabase {
 public:
  explicit AppDatabase(const std::string& file) {
    check(sqlite3_open(file.c_str(), &db_));
    sqlite3_busy_timeout(db_, 10'000);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE IF NOT EXISTS effect (identity TEXT PRIMARY KEY, times INTEGER NOT NULL)");
    pw::make_done_marks(db_);
  }
  ~AppDatabase() { sqlite3_close(db_); }
  AppDatabase(const AppDatabase&) = delete;
  AppDatabase& operator=(const AppDatabase&) = delete;

  void take_effect(const pw::Delivery& how) {
    const std::lock_guard hold{mutex_};
    run("BEGIN IMMEDIATE");
    run("INSERT INTO effect VALUES ('" + how.identity.hex() +
        "', 1) ON CONFLICT (identity) DO UPDATE SET times = times + 1");
    pw::write_done_mark(db_, how);
    run("COMMIT");
  }

  std::optional<pw::DoneMark> find(const pw::Identity& identity, std::uint64_t seq) {
    const std::lock_guard hold{mutex_};
    return pw::find_done_mark(db_, identity, seq);
  }

 private:
  void check(int code) {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  void run(const std::string& sql) { check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }

  std::mutex mutex_;
  sqlite3* db_ = nullptr;
};

struct Options {
  std::string inbox, app;
  unsigned workers = 2;
  std::size_t queue_max = 10'000;
};

void serve(const Options& options) {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  AppDatabase app{options.app};
  pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  dispatcher.each<pw::InvoiceUpdated>(
      [&app](const pw::InvoiceUpdated&, const pw::Delivery& how) { app.take_effect(how); });

  pw::InboxOptions keep;
  keep.queue_count_max = options.queue_max;
  const auto inbox = pw::open_inbox("sqlite:" + options.inbox, keep);
  pw::Receiver receiver{*inbox, {.hooks = {{"/hook/soak", ""}}}};
  pw::WorkerOptions work;
  work.threads = options.workers;
  work.find_done_mark = [&app](const pw::Identity& identity, std::uint64_t seq) { return app.find(identity, seq); };
  std::optional<pw::Worker> worker;
  if (options.workers > 0) worker.emplace(*inbox, dispatcher, work);
  pw::Listener listener{receiver, {}};
  listener.start();
  std::cout << listener.port() << std::endl;
  int signal = 0;
  sigwait(&stop_signals, &signal);
  listener.stop(std::chrono::seconds(3));
}

}  // namespace

/// A disk that takes as long as it is told to.
extern "C" int fdatasync(int fd) {
  if (const int us = sync_us) std::this_thread::sleep_for(std::chrono::microseconds(us));
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

int main(int argc, char** argv) try {
  CLI::App flags{"A consumer for the soak tests"};
  Options options;
  int slow_sync_us = 0;
  flags.add_option("--inbox", options.inbox, "inbox file")->required();
  flags.add_option("--app", options.app, "database of the handler")->required();
  flags.add_option("--workers", options.workers, "threads; 0: store only");
  flags.add_option("--queue-max", options.queue_max, "pushes that may wait for the disk");
  flags.add_option("--sync-us", slow_sync_us, "how much longer each sync takes");
  CLI11_PARSE(flags, argc, argv);
  sync_us = slow_sync_us;
  serve(options);
} catch (const std::exception& error) {
  std::cerr << "soak_consumer: " << error.what() << '\n';
  return 2;
}
