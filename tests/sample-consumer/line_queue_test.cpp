#include "consumer/line_queue.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

using consumer::LineQueue;
using namespace std::chrono_literals;

namespace {

// A reader that takes nothing until it is released. Shared: a queue that was given up on goes on using it.
struct Reader {
  std::promise<void> entered, released;
  std::shared_future<void> release = released.get_future().share();
  std::atomic<int> dropped = 0;
  std::mutex mutex;
  std::string text;
  bool is_first = true;

  void write(const std::string& lines) {
    if (std::exchange(is_first, false)) entered.set_value();
    release.wait();
    const std::lock_guard hold(mutex);
    text += lines;
  }
};

std::unique_ptr<LineQueue> queue_to(const std::shared_ptr<Reader>& reader, std::size_t lines_max) {
  return std::make_unique<LineQueue>(
      lines_max, [reader](const std::string& lines) { reader->write(lines); }, [reader] { ++reader->dropped; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(line_queue)

BOOST_AUTO_TEST_CASE(lines_come_out_in_their_order_and_the_stop_waits_for_them) {
  const auto reader = std::make_shared<Reader>();
  reader->released.set_value();
  const auto lines = queue_to(reader, 100);
  for (const char* line : {"a", "b", "c"}) lines->add(line);
  BOOST_TEST(lines->stop(20s));
  BOOST_TEST(reader->text == "a\nb\nc\n");
  BOOST_TEST(reader->dropped == 0);
}

BOOST_AUTO_TEST_CASE(reader_that_stalls_holds_nobody_up_and_loses_the_oldest_lines) {
  const auto reader = std::make_shared<Reader>();
  const auto lines = queue_to(reader, 2);
  lines->add("first");
  reader->entered.get_future().wait();
  for (const char* line : {"a", "b", "c"}) lines->add(line);
  BOOST_TEST(reader->dropped == 1);
  BOOST_TEST(!lines->stop(10ms));
  reader->released.set_value();
  BOOST_TEST(lines->stop(20s));
  BOOST_TEST(reader->text == "first\nb\nc\n");
}

BOOST_AUTO_TEST_CASE(queue_may_go_while_its_reader_stalls) {
  const auto reader = std::make_shared<Reader>();
  auto lines = queue_to(reader, 2);
  lines->add("first");
  reader->entered.get_future().wait();
  lines.reset();
  reader->released.set_value();
}

BOOST_AUTO_TEST_SUITE_END()
