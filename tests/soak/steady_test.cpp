// A moderate load for long: no report of a sanitizer in builds that have one, open files and memory flat.
#include "victim.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(steady_load)

BOOST_AUTO_TEST_CASE(open_files_and_memory_stay_flat, *boost::unit_test::label("R3")) {
  const test_support::TempFolder folder;
  const std::string inbox = folder.file("inbox.db"), app = folder.file("app.db");
  const auto length = soak::amount(std::chrono::seconds{4}, std::chrono::seconds{600});
  soak::Victim victim{inbox, app};
  std::atomic<std::uint64_t> next{0};
  soak::Answers answers;
  std::size_t files = 0, memory = 0;
  {
    soak::LoadOptions options;
    options.clients = 4;
    options.pause = std::chrono::milliseconds{25};
    const soak::Load load{victim.port(), options, next, answers};
    std::this_thread::sleep_for(length / 4);
    files = victim.open_files();
    memory = victim.resident_bytes();
    std::this_thread::sleep_for(length - length / 4);
    BOOST_TEST_MESSAGE(length.count() << " s: " << answers.count(200) << " answered 200; open files " << files
                                      << ", then " << victim.open_files() << "; memory " << memory / 1024
                                      << " KiB, then " << victim.resident_bytes() / 1024 << " KiB");
    BOOST_TEST(victim.open_files() <= files + 8);  // connections that come and go
    BOOST_TEST(victim.resident_bytes() <= memory + soak::growth_max);
  }
  victim.stop();
  soak::let_finish(inbox, app);
  const auto left = soak::look_at(inbox, app, answers);
  BOOST_TEST(left.missing == 0u);
  BOOST_TEST(left.undone == 0u);
  BOOST_TEST(left.repeated == 0u);
  BOOST_TEST(answers.count(200) > 50u);
}

BOOST_AUTO_TEST_SUITE_END()
