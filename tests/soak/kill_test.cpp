// kill -9 at random instants under load.
#include "victim.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <random>

using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(killed_under_load)

BOOST_AUTO_TEST_CASE(what_was_answered_200_is_stored_and_takes_effect_once, *label("R3")) {
  const test_support::TempFolder folder;
  const std::string inbox = folder.file("inbox.db"), app = folder.file("app.db");
  const int kills = soak::amount(20, 200);
  std::mt19937 random{static_cast<unsigned>(kills)};
  std::uniform_int_distribution<int> life_ms{1, 200};
  std::atomic<std::uint64_t> next{0};
  soak::Answers answers;
  for (int n = 0; n < kills; ++n) {
    soak::Victim victim{inbox, app};
    const soak::Load load{victim.port(), {}, next, answers};
    std::this_thread::sleep_for(std::chrono::milliseconds{life_ms(random)});
    victim.process().signal(SIGKILL);
    BOOST_TEST(victim.process().wait().signal == SIGKILL);
  }
  soak::let_finish(inbox, app);
  const auto left = soak::look_at(inbox, app, answers);
  BOOST_TEST_MESSAGE(kills << " kills, " << next << " pushes made, " << answers.count(200) << " answered 200, "
                           << left.rows << " rows");
  BOOST_TEST(left.missing == 0u);
  BOOST_TEST(left.unprocessed == 0u);
  BOOST_TEST(left.undone == 0u);
  BOOST_TEST(left.repeated == 0u);
  BOOST_TEST(answers.count(200) > static_cast<std::uint64_t>(kills));
}

BOOST_AUTO_TEST_SUITE_END()
