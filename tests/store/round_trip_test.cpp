// What was written is what is read, and a second mock goes on with it.
#include <sys/stat.h>

#include <boost/algorithm/string/replace.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "mock.hpp"
#include "store/sqlite_store.hpp"
#include "support/temp_folder.hpp"

using boost::unit_test::label;
using mock::delivery::Outcome;
using mock::store::open_sqlite;
using store_test::describe;
using store_test::Mock;
using test_support::TempFolder;

BOOST_AUTO_TEST_SUITE(round_trip)

BOOST_AUTO_TEST_CASE(everything_is_read_as_it_was_written) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const TempFolder folder;
    std::string expected;
    {
      const auto store = open_sqlite(folder.file("s.db"));
      Mock mock{*store, seed};
      for (int turn = 0; turn < 40; ++turn) {
        for (int i = 0; i < 5; ++i) mock.change();
        mock.keep();
      }
      expected = mock.describe();
    }
    BOOST_TEST(describe(*open_sqlite(folder.file("s.db"))) == expected, "seed " << seed);
  }
}

// Each group is collected, then more changes come, and only then it is written, or fails and goes into the next one.
BOOST_AUTO_TEST_CASE(changes_during_a_write_and_after_a_failed_one_are_in_the_next) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const TempFolder folder;
    std::mt19937_64 random{seed};
    const auto store = open_sqlite(folder.file("s.db"));
    Mock mock{*store, seed};
    for (int turn = 0; turn < 60; ++turn) {
      for (int i = 0; i < 5; ++i) mock.change();
      const auto expected = mock.describe();
      const auto write = mock.keeper().collect();
      for (int i = 0; i < 5; ++i) mock.change();
      const bool fails = random() % 3 == 0;
      if (write && !fails) write();
      if (write && !fails) BOOST_TEST(describe(*store) == expected, "seed " << seed << " turn " << turn);
      if (write) mock.keeper().settle(!fails);
    }
    mock.keep();
    BOOST_TEST(describe(*store) == mock.describe(), "seed " << seed);
  }
}

BOOST_AUTO_TEST_CASE(a_store_of_the_first_version_is_brought_up_to_date) {
  const TempFolder folder;
  const auto file = folder.file("s.db");
  std::string expected;
  {
    const auto store = open_sqlite(file);
    Mock mock{*store, 3};
    for (int i = 0; i < 400; ++i) mock.change();
    mock.keep();
    expected = mock.describe();
  }
  BOOST_TEST(expected.find("attempt 2") != std::string::npos);
  BOOST_TEST(expected.find(" delivered ") != std::string::npos);
  store_test::rewrite_as_first_version(file);
  boost::replace_all(expected, "[HTTP/1.1 503]", "[]");  // version 1 had no room for answers
  BOOST_TEST(describe(*open_sqlite(file)) == expected);
  BOOST_TEST(describe(*open_sqlite(file)) == expected);
}

BOOST_AUTO_TEST_CASE(an_attempt_under_way_is_repeated_uncertain_with_the_same_number, *label("G5") * label("R5")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  std::string id;
  {
    Mock first{*store, 1};
    id = first.push(first.webhook(first.organization()));
    first.keep();
  }
  Mock second{*store, 2};
  second.sender().pump();
  const auto delivery = second.sender().find(id).value();
  BOOST_TEST_REQUIRE(delivery.attempts.size() == 2U);
  BOOST_TEST((delivery.attempts[0].outcome == Outcome::interrupted));
  BOOST_TEST(delivery.attempts[1].number == 1);
  BOOST_TEST(delivery.attempts[1].uncertain);
  BOOST_TEST(second.sender().webhook(delivery.webhook_id).consecutive_failures == 0);
  second.keep();
  BOOST_TEST(describe(*store) == second.describe());
}

BOOST_AUTO_TEST_CASE(what_surely_was_not_sent_is_no_copy_after_a_restart, *label("G5")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  std::string id;
  {
    Mock first{*store, 1};
    id = first.push(first.webhook(first.organization()));
    first.hear(Outcome::interrupted);  // with a detail that says why
    first.keep();
  }
  {
    Mock second{*store, 2};
    second.sender().pump();
    second.keep();
  }
  Mock third{*store, 3};
  third.sender().pump();
  const auto attempts = third.sender().find(id).value().attempts;
  BOOST_TEST_REQUIRE(attempts.size() == 3U);
  BOOST_TEST(!attempts[0].uncertain);
  BOOST_TEST(!attempts[1].uncertain);
  BOOST_TEST(attempts[2].uncertain);  // a copy of the one that was under way when the second one ended
  BOOST_TEST(attempts[2].number == 1);
}

BOOST_AUTO_TEST_CASE(an_entity_as_deep_as_the_api_takes_it_is_read_again, *label("T4")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  std::string deep = "1.10";
  for (int depth = 0; depth < 64; ++depth) deep = R"({"a":)" + deep + '}';
  const auto text = deep.substr(1);  // without its brace: the header comes first
  {
    Mock mock{*store, 1};
    const auto organization = mock.organization();
    mock.world().create(organization, mock::world::Family::offer, {mock::world::SpelledObject::of(deep).value()},
                        mock.clock().now());
    mock.keep();
  }
  BOOST_TEST(describe(*store).find(text) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(losses_are_kept_in_their_order, *label("X3")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  Mock mock{*store, 1};
  const auto webhook = mock.webhook(mock.organization());
  mock.sender().disable(webhook);
  const auto first = mock.push(webhook);
  mock.keep();
  const auto second = mock.push(webhook);
  mock.keep();
  std::vector<std::pair<std::string, std::int64_t>> losses;
  store->load_losses([&](const std::string& id, std::int64_t seq) { losses.emplace_back(id, seq); });
  BOOST_TEST_REQUIRE(losses.size() == 2U);
  BOOST_TEST(losses[0].first == first);
  BOOST_TEST(losses[1].first == second);
  BOOST_TEST(losses[0].second < losses[1].second);
}

BOOST_AUTO_TEST_CASE(the_moment_of_a_loss_is_kept, *label("R4") * label("X3")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  mock::delivery::Instant dropped_at;
  std::string dropped;
  {
    Mock first{*store, 1};
    const auto webhook = first.webhook(first.organization());
    dropped = first.push(webhook);
    first.hear(Outcome::timeout);
    first.keep();
    first.sender().disable(webhook);
    first.keep();
    dropped_at = first.sender().find(dropped).value().lost_at.value();
  }
  Mock second{*store, 2};
  second.clock().set(second.clock().now() + std::chrono::hours{1});
  BOOST_TEST((second.sender().find(dropped).value().lost_at == dropped_at));
}

BOOST_AUTO_TEST_CASE(ids_go_on_after_the_last_one, *label("T1")) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  Mock first{*store, 1};
  first.organization();
  first.keep();
  const auto last = first.world().last_uuid_tick();
  Mock second{*store, 1};
  second.organization();
  BOOST_TEST(second.world().last_uuid_tick() > last);
}

BOOST_AUTO_TEST_CASE(only_the_owner_may_read_the_file) {
  const TempFolder folder;
  const auto store = open_sqlite(folder.file("s.db"));
  Mock mock{*store, 1};
  mock.organization();
  mock.keep();
  for (const auto* name : {"s.db", "s.db-wal"}) {
    struct stat status {};
    BOOST_TEST_REQUIRE(::stat(folder.file(name).c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 0777U) == 0600U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
