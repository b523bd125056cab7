#include "victim.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <prospero/webhooks/receive/inbox.hpp>
#include <stdexcept>
#include <unordered_map>

namespace soak {
namespace {

namespace pw = prospero::webhooks;

std::vector<std::string> command(const std::string& inbox, const std::string& app, std::vector<std::string> more) {
  std::vector<std::string> argv{std::string{BIN_DIR} + "/soak_consumer", "--inbox", inbox, "--app", app};
  argv.insert(argv.end(), more.begin(), more.end());
  return argv;
}

std::unordered_map<std::string, int> effects_in(const std::string& app) {
  std::unordered_map<std::string, int> times;
  sqlite3* db = nullptr;
  BOOST_REQUIRE(sqlite3_open(app.c_str(), &db) == SQLITE_OK);
  sqlite3_stmt* rows = nullptr;
  BOOST_REQUIRE(sqlite3_prepare_v2(db, "SELECT identity, times FROM effect", -1, &rows, nullptr) == SQLITE_OK);
  while (sqlite3_step(rows) == SQLITE_ROW)
    times[reinterpret_cast<const char*>(sqlite3_column_text(rows, 0))] = sqlite3_column_int(rows, 1);
  sqlite3_finalize(rows);
  sqlite3_close(db);
  return times;
}

}  // namespace

Victim::Victim(const std::string& inbox, const std::string& app, std::vector<std::string> more)
    : process_(command(inbox, app, std::move(more))),
      port_(static_cast<std::uint16_t>(std::stoul(process_.read_line(std::chrono::seconds(60))))) {}

void Victim::stop() {
  process_.signal(SIGTERM);
  const auto end = process_.wait(std::chrono::seconds(60));
  BOOST_TEST(end.code == 0);
}

std::size_t Victim::open_files() const {
  const std::filesystem::directory_iterator files{"/proc/" + std::to_string(process_.pid()) + "/fd"};
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::size_t Victim::resident_bytes() const {
  std::ifstream statm{"/proc/" + std::to_string(process_.pid()) + "/statm"};
  std::size_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

Leftovers look_at(const std::string& inbox, const std::string& app, const Answers& answers) {
  Leftovers found;
  const auto view = pw::open_inbox("sqlite:" + inbox);
  std::unordered_map<std::string, bool> with_body;
  std::optional<std::uint64_t> cursor;
  do {
    const auto page = view->list(cursor, 10'000);
    for (const pw::InboxRow& row : page.rows) {
      ++found.rows;
      found.unprocessed += row.state != pw::InboxState::processed && row.state != pw::InboxState::copy;
      with_body[row.identity.hex()] = view->body(row.identity).has_value();
    }
    cursor = page.next;
  } while (cursor);
  const auto effects = effects_in(app);
  for (const std::string& identity : answers.identities()) {
    const auto row = with_body.find(identity);
    found.missing += row == with_body.end() || !row->second;
    found.undone += !effects.contains(identity);
  }
  for (const auto& [identity, times] : effects) found.repeated += times > 1;
  return found;
}

void let_finish(const std::string& inbox, const std::string& app) {
  Victim last{inbox, app};
  const auto view = pw::open_inbox_view("sqlite:" + inbox);
  std::uint64_t fewest = view->counts().pending;
  auto fewer_at = std::chrono::steady_clock::now();
  while (fewest > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const std::uint64_t pending = view->counts().pending;
    const auto now = std::chrono::steady_clock::now();
    if (pending < fewest) fewer_at = now;
    fewest = std::min(fewest, pending);
    BOOST_REQUIRE(now - fewer_at < std::chrono::seconds(60));
  }
  last.stop();
}

}  // namespace soak
