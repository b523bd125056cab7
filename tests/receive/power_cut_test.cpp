// The power fails at any change of the disk: what was answered 200 is there, and what was written down as handled is
// not handed over again.
#include <prospero/webhooks/receive/inbox.hpp>

#include <atomic>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

#include "fixture.hpp"
#include "sqlite.hpp"
#include "support/forgetful_disk.hpp"

using namespace receive_test;
using boost::unit_test::label;
using test_support::DefaultLayer;
using test_support::ForgetfulDisk;

namespace {

constexpr const char* disk_name = "forgetful";

// The inbox looks for its file on the real disk, where its lock is; this makes that and the one of the same name that
// SQLite sees.
void make_file(ForgetfulDisk& disk, const std::string& file) {
  std::ofstream{file} << "its bytes are on the other disk";
  disk.make_file(file);
}

// What this consumer was told to be durable, by row.
struct Durable {
  std::mutex mutex;
  std::map<std::uint64_t, pw::Identity> stored;
  std::vector<std::uint64_t> handled;
};

// Stores and handles until the power fails.
void live(const std::string& url, std::uint64_t seed, Durable& durable) {
  std::mt19937_64 random{seed};
  std::atomic<bool> alive{true};  // outlives the inbox, whose last answers come while it closes
  try {
    const auto inbox = pw::open_inbox(url);
    // The last of some is waited for, or the first commit would hold more than the disk lives for.
    for (; alive; store(*inbox, arrival(std::to_string(random())))) {
      for (int n = 0; n < 5; ++n) {
        const std::string body = std::to_string(random()) + std::string(random() % 3'000, 'x');
        inbox->store(arrival(body, std::to_string(random() % 20)),
                     [&, identity = pw::identity_of(body)](const pw::StoreResult& result) {
                       const std::lock_guard hold{durable.mutex};
                       if (result.durable()) durable.stored[result.seq] = identity;
                       if (!result.durable()) alive = false;
                     });
      }
      const auto taken = inbox->take(received_at());
      if (!taken) continue;
      auto result = handed(pw::InboxState::processed);
      result.head = pw::Head{{taken->row.identity, pw::Change::updated, std::nullopt}, false};
      if (!inbox->finish(taken->row.seq, result).durable()) break;
      const std::lock_guard hold{durable.mutex};
      durable.handled.push_back(taken->row.seq);
    }
  } catch (const pw::InboxError&) {  // the disk is gone
  }
}

std::size_t missing(const std::string& url, const Durable& durable) {
  const auto inbox = pw::open_inbox(url);
  std::size_t lost = 0;
  for (const auto& [seq, identity] : durable.stored) {
    const auto row = inbox->find(seq);
    lost += !row || row->identity != identity || !inbox->body(identity);
  }
  for (const std::uint64_t seq : durable.handled) {
    const auto row = inbox->find(seq);
    lost += !row || row->state != pw::InboxState::processed;
  }
  return lost;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(power_cut)

BOOST_AUTO_TEST_CASE(what_was_reported_durable_survives_any_power_cut, *label("R3")) {
  std::size_t checked = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    ForgetfulDisk disk{disk_name};
    if (seed % 2 == 0) disk.promise_safe_overwrites();
    const DefaultLayer all_on_it{disk_name};
    const TempFolder folder;
    const std::string file = folder.file("inbox.db"), url = "sqlite:" + file;
    make_file(disk, file);
    Durable durable;
    for (std::uint64_t life = 0; life < 2; ++life) {
      disk.cut_after(60 + (seed * 37 + life * 101) % 700);
      live(url, seed * 10 + life, durable);
      disk.power_back(seed % 4 == 0 ? 0 : seed);
      BOOST_TEST_CONTEXT("seed " << seed << ", life " << life) BOOST_TEST(missing(url, durable) == 0u);
    }
    checked += durable.stored.size();
  }
  BOOST_TEST(checked > 500u);
}

BOOST_AUTO_TEST_CASE(disk_that_lies_about_syncs_is_noticed_by_this_test) {
  std::size_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 10 && lost == 0; ++seed) {
    ForgetfulDisk disk{disk_name};
    const DefaultLayer all_on_it{disk_name};
    const TempFolder folder;
    const std::string file = folder.file("inbox.db"), url = "sqlite:" + file;
    make_file(disk, file);
    pw::open_inbox(url);
    disk.ignore_syncs(true);
    Durable durable;
    disk.cut_after(600);
    live(url, seed, durable);
    disk.ignore_syncs(false);
    disk.power_back(0);
    lost += missing(url, durable);
  }
  BOOST_TEST(lost > 0u);
}

BOOST_AUTO_TEST_CASE(full_disk_refuses_and_recovers_without_losing_anything, *label("R3")) {
  ForgetfulDisk disk{disk_name};
  const DefaultLayer all_on_it{disk_name};
  const TempFolder folder;
  const std::string file = folder.file("inbox.db");
  make_file(disk, file);
  const auto inbox = pw::open_inbox("sqlite:" + file);
  std::uint64_t durable = 0;
  const auto push = [&] { return store(*inbox, arrival(std::string(10'000, 'x') + std::to_string(durable))); };
  for (; durable < 5; ++durable) BOOST_TEST(push().durable());
  disk.set_full(true);
  for (auto refused = push(); refused.durable(); refused = push()) BOOST_REQUIRE(++durable < 1'000);
  BOOST_TEST((push().status == pw::StoreStatus::failed));
  BOOST_TEST(!inbox->probe(std::chrono::seconds{30}).durable());
  disk.set_full(false);
  BOOST_TEST(push().durable());
  BOOST_TEST(inbox->counts().pending == durable + 1);
}

// Stores bodies of a page each until one is refused, while somebody may read, so that the log is not copied whole.
pw::StoreResult store_until_refused(pw::Inbox& inbox, const std::string& file, bool beside_a_reader, Durable& durable) {
  std::optional<pw::SqliteConnection> reader;
  std::optional<pw::SqliteStatement> look;
  for (int n = 0; n < 2'000; ++n) {
    const std::string body = std::to_string(n) + std::string(4'000, 'x');
    const pw::StoreResult result = store(inbox, arrival(body, std::to_string(n)));
    if (!result.durable()) return result;
    durable.stored[result.seq] = pw::identity_of(body);
    if (n == 30 && beside_a_reader) {
      reader.emplace(file, pw::SqliteMode::read_only);
      look.emplace(*reader, "SELECT count(*) FROM arrival").step();
    }
  }
  return {};
}

// Linux tells once that it could not write what a sync is about, and then takes it for written.
BOOST_AUTO_TEST_CASE(copy_that_the_disk_did_not_take_is_made_again_after_a_restart, *label("R3")) {
  for (const bool beside_a_reader : {false, true}) {
    ForgetfulDisk disk{disk_name};
    disk.promise_safe_overwrites();
    const DefaultLayer all_on_it{disk_name};
    const TempFolder folder;
    const std::string file = folder.file("inbox.db"), url = "sqlite:" + file;
    make_file(disk, file);
    pw::open_inbox(url);
    std::vector<std::string> alarms;
    pw::InboxOptions options;
    options.on_alarm = [&](const std::string& what) { alarms.push_back(what); };
    Durable durable;
    {
      const auto inbox = pw::open_inbox(url, options);
      disk.fail_next_sync(file);
      const auto refused = store_until_refused(*inbox, file, beside_a_reader, durable);
      BOOST_TEST(refused.error.find("restart the consumer") != std::string::npos, refused.error);
      BOOST_TEST(!inbox->probe(std::chrono::seconds{30}).durable());
    }
    BOOST_TEST(durable.stored.size() > 50u);
    BOOST_TEST(alarms.size() >= 1u);
    BOOST_TEST(store(*pw::open_inbox(url), arrival("after the restart")).durable());
    disk.power_back(0);
    BOOST_TEST(missing(url, durable) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
