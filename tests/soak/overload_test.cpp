// More than the disk takes: the queue's cap answers 503, and nothing that was answered 200 is lost.
#include "victim.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using boost::unit_test::label;

BOOST_AUTO_TEST_SUITE(overload)

BOOST_AUTO_TEST_CASE(beyond_what_the_disk_takes_it_answers_503_at_once_and_keeps_its_memory, *label("R3")) {
  const test_support::TempFolder folder;
  const std::string inbox = folder.file("inbox.db"), app = folder.file("app.db");
  const int seconds = soak::amount(5, 60);
  // Each commit takes at least 20 ms and at most 32 pushes: what 160 clients offer is several times as much.
  soak::Victim victim{inbox, app, {"--workers", "0", "--sync-us", "20000", "--queue-max", "32"}};
  std::atomic<std::uint64_t> next{0};
  soak::Answers answers;
  std::size_t before = 0, most = 0;
  {
    soak::LoadOptions options;
    options.clients = 160;
    options.body_bytes = 4'000;
    options.pause = std::chrono::milliseconds{5};
    const soak::Load load{victim.port(), options, next, answers};
    for (int tenth = 0; tenth < seconds * 10; ++tenth) {
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
      if (tenth == 10) before = victim.resident_bytes();
      most = std::max(most, victim.resident_bytes());
    }
  }
  victim.stop();
  const auto left = soak::look_at(inbox, app, answers);
  BOOST_TEST_MESSAGE(seconds << " s: " << answers.count(200) << " answered 200 and " << answers.count(503)
                             << " answered 503 (p99 " << answers.p99_s(503) << " s, longest " << answers.longest_s(503)
                             << " s); memory " << before / 1024 << " KiB after 1 s, at most " << most / 1024 << " KiB");
  BOOST_TEST(answers.count(200) > 0u);
  BOOST_TEST(answers.count(503) > answers.count(200));  // at least twice of what it could do was offered
  BOOST_TEST(answers.longest_s(503) < 5.0);             // D4
  BOOST_TEST(answers.longest_s(200) < 5.0);
  BOOST_TEST(most < before + soak::growth_max);
  BOOST_TEST(left.missing == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
