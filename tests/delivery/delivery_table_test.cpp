#include "delivery/delivery_table.hpp"

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <stdexcept>

#include "table.hpp"
#include "world.hpp"

using boost::unit_test::label;
using namespace mock::delivery;
using namespace std::chrono_literals;
using test::start;

namespace {

std::string uuid(std::size_t number) {
  return fmt::format("{:08x}-0000-11f1-8000-0123456789ab", number);
}

Delivery waiting(const DeliveryId& id) {
  Delivery delivery;
  delivery.id = id;
  delivery.webhook_id = uuid(0xffff'ffff);
  delivery.event = "offer.updated";
  delivery.body = std::make_shared<const std::string>("{}");
  delivery.created_at = start;
  delivery.next_attempt_at = start;
  return delivery;
}

Attempt attempt(int number) {
  Attempt made;
  made.number = number;
  made.scheduled_at = start + 1s;
  made.started_at = start + 2s;
  made.epoch = 7;
  return made;
}

void check_equal(const Attempt& a, const Attempt& b) {
  BOOST_TEST(test::describe(a) == test::describe(b));
  BOOST_TEST((a.status == b.status));
  BOOST_TEST(a.detail == b.detail);
  BOOST_TEST(a.answer == b.answer);
  BOOST_TEST(a.epoch == b.epoch);
  BOOST_TEST((a.phases.dns == b.phases.dns && a.phases.connect == b.phases.connect && a.phases.tls == b.phases.tls &&
              a.phases.send == b.phases.send && a.phases.wait == b.phases.wait));
}

void check_equal(const Delivery& a, const Delivery& b) {
  BOOST_TEST(a.id == b.id);
  BOOST_TEST(a.webhook_id == b.webhook_id);
  BOOST_TEST(a.event == b.event);
  BOOST_TEST((a.entity_id == b.entity_id));
  BOOST_TEST(a.body == b.body);
  BOOST_TEST((a.created_at == b.created_at));
  BOOST_TEST((a.resend_of == b.resend_of));
  BOOST_TEST((a.lost_at == b.lost_at));
  BOOST_TEST(test::describe(a) == test::describe(b));
  BOOST_TEST_REQUIRE(a.attempts.size() == b.attempts.size());
  for (std::size_t i = 0; i < a.attempts.size(); ++i) check_equal(a.attempts[i], b.attempts[i]);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(delivery_table)

BOOST_AUTO_TEST_CASE(ids_of_any_form_come_back_as_they_were) {
  for (const auto* id : {"01234567-89ab-cdef-0123-456789abcdef", "01234567-89AB-cdef-0123-456789abcdef",
                         "01234567089ab-cdef-0123-456789abcdef", "g1234567-89ab-cdef-0123-456789abcdef", "", "d1",
                         "01234567-89ab-cdef-0123-456789abcdef0", "\xff", "00000000-0000-0000-0000-000000000000"}) {
    DeliveryTable table;
    auto given = waiting(id);
    given.entity_id = id;
    given.resend_of = id;
    BOOST_TEST(table.add(given) == 0U);
    check_equal(table.at(0), given);
    BOOST_TEST((table.find(id) == 0U));
    BOOST_CHECK_THROW(table.add(given), std::invalid_argument);
    BOOST_TEST(table.size() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_text_is_no_uuid_with_the_same_bytes) {
  DeliveryTable table;
  table.add(waiting("a"));
  const std::string zeros = "00000000-0000-0000-0000-000000000000";
  BOOST_TEST(!table.find(zeros).has_value());
  BOOST_TEST(table.add(waiting(zeros)) == 1U);
  BOOST_TEST((table.find("a") == 0U));
}

BOOST_AUTO_TEST_CASE(each_of_many_is_found) {
  DeliveryTable table;
  BOOST_TEST(!table.find(uuid(1)).has_value());
  for (std::size_t i = 0; i < 5000; ++i) BOOST_REQUIRE_EQUAL(table.add(waiting(uuid(i))), i);
  for (std::size_t i = 0; i < 5000; ++i) BOOST_REQUIRE(table.find(uuid(i)) == i);
  BOOST_TEST(!table.find(uuid(5000)).has_value());
  BOOST_TEST(table.id(4999) == uuid(4999));
}

BOOST_AUTO_TEST_CASE(what_changes_is_taken_over) {
  DeliveryTable table;
  auto changing = waiting(uuid(1));
  table.add(changing);
  const auto other = waiting(uuid(2));
  table.add(other);
  changing.next_attempt_at.reset();
  changing.attempts.push_back(attempt(1));
  table.update(0, changing);
  check_equal(table.at(0), changing);
  auto& ended = changing.attempts.back();
  ended.ended_at = start + 3s;
  ended.outcome = Outcome::bad_status;
  ended.status = 503;
  ended.detail = "a detail of some length";
  ended.answer = "HTTP/1.1 503 Busy; Content-Type: text/html";
  ended.phases = {1us, std::nullopt, 5s, 0us, std::nullopt};
  changing.state = State::dropped;
  changing.reason = Reason::deleted;
  changing.lost_at = start + 4s;
  changing.attempts.push_back(attempt(2));
  changing.attempts.back().uncertain = true;
  table.update(0, changing);
  check_equal(table.at(0), changing);
  check_equal(table.at(1), other);
  BOOST_TEST((table.glance(0).state == State::dropped));
  BOOST_TEST((table.glance(0).lost_at == start + 4s));
  BOOST_TEST(!table.glance(0).next_attempt_at.has_value());
  BOOST_TEST(!table.glance(1).lost_at.has_value());
  BOOST_TEST(table.glance(0).event == "offer.updated");
  BOOST_TEST(table.glance(0).webhook_id == changing.webhook_id);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_not_cut) {
  DeliveryTable table;
  auto given = waiting(uuid(1));
  given.attempts.push_back(attempt(1));
  given.attempts.back().epoch = std::uint64_t{1} << 32U;
  BOOST_CHECK_THROW(table.add(given), std::length_error);
}

BOOST_AUTO_TEST_SUITE_END()
