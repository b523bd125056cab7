#include "consumer/inbox_look.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <new>

using namespace std::chrono_literals;
using consumer::InboxLook;

namespace {

consumer::InboxFigures with_free_bytes(std::uint64_t bytes) {
  return {std::nullopt, {}, bytes};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox_look)

BOOST_AUTO_TEST_CASE(each_look_is_measured_after_it_was_asked_for) {
  std::uint64_t measured = 0;
  InboxLook look([&] { return with_free_bytes(++measured); }, 1min);
  BOOST_TEST(look.now().value().disk_free_bytes.value() == 1u);
  BOOST_TEST(look.now().value().disk_free_bytes.value() == 2u);
}

BOOST_AUTO_TEST_CASE(what_throws_leaves_the_figures_out) {
  InboxLook look([]() -> consumer::InboxFigures { throw std::bad_alloc(); }, 1min);
  const auto figures = look.now();
  BOOST_TEST_REQUIRE(figures.has_value());
  BOOST_TEST(!figures->counts);
  BOOST_TEST(!figures->disk_free_bytes);
}

BOOST_AUTO_TEST_CASE(a_disk_that_hangs_is_waited_for_so_long_and_used_again_afterwards) {
  std::promise<void> mended;
  const std::shared_future<void> well = mended.get_future().share();
  std::atomic<int> measured = 0;
  InboxLook look(
      [&] {
        ++measured;
        well.wait();
        return with_free_bytes(7);
      },
      20ms);
  BOOST_TEST(!look.now());
  BOOST_TEST(!look.now());
  BOOST_TEST(measured <= 1);
  mended.set_value();
  auto figures = look.now();
  while (!figures) figures = look.now();  // a busy machine may be slower than the limit of this test
  BOOST_TEST(figures->disk_free_bytes.value() == 7u);
}

BOOST_AUTO_TEST_SUITE_END()
