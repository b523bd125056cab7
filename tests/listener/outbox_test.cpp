// Answers that come in groups, on their way to their loop.
#include "listener_outbox.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using prospero::webhooks::detail::AnswerGroup;
using prospero::webhooks::detail::Outbox;

BOOST_AUTO_TEST_SUITE(outbox)

BOOST_AUTO_TEST_CASE(without_a_group_an_answer_is_given_as_soon_as_the_loop_runs) {
  boost::asio::io_context io;
  Outbox outbox{io};
  std::string given;
  outbox.add([&] { given += 'a'; });
  BOOST_TEST(io.run() == 1U);
  outbox.add([&] { given += 'b'; });
  outbox.add([&] { given += 'c'; });
  io.restart();
  BOOST_TEST(io.run() == 1U);
  BOOST_TEST(given == "abc");
}

BOOST_AUTO_TEST_CASE(the_loop_is_woken_once_for_a_group_and_does_not_end_before) {
  boost::asio::io_context io;
  Outbox outbox{io};
  std::string given;
  {
    const AnswerGroup group;
    outbox.add([&] { given += 'a'; });
    outbox.add([&] { given += 'b'; });
    BOOST_TEST(io.poll() == 0U);
    BOOST_TEST(!io.stopped());
  }
  BOOST_TEST(io.run() == 1U);
  BOOST_TEST(given == "ab");
  BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(groups_within_groups_end_on_their_own) {
  std::string done;
  AnswerGroup::afterwards([&] { done += '1'; });
  BOOST_TEST(done == "1");
  {
    const AnswerGroup outer;
    AnswerGroup::afterwards([&] { done += '4'; });
    {
      const AnswerGroup inner;
      AnswerGroup::afterwards([&] { done += '2'; });
      AnswerGroup::afterwards([&] { done += '3'; });
      BOOST_TEST(done == "1");
    }
    BOOST_TEST(done == "123");
  }
  BOOST_TEST(done == "1234");
}

BOOST_AUTO_TEST_SUITE_END()
