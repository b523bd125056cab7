// Section H through inbox, worker and dispatcher: what each kind of subscription gets to see.
#include <prospero/webhooks/receive/worker.hpp>

#include <functional>
#include <map>
#include <vector>

#include "fixture.hpp"
#include "history_model.hpp"
#include "record.hpp"

using namespace receive_test;
using boost::unit_test::label;
using pw::Change;

namespace {

const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";

Version version(Change change, char content, std::optional<int> second) {
  Version one{change, content, std::nullopt};
  if (second) one.changed_at = pw::Timestamp{std::int64_t{1'767'225'600} + *second, 0};
  return one;
}
Version updated(char content, std::optional<int> second = std::nullopt) {
  return version(Change::updated, content, second);
}

pw::Arrival push(const Version& version) {
  pw::Arrival one = arrival(body_of(version, id), id);
  one.event = "invoice." + std::string{to_text(version.change)};
  return one;
}

// A worker over one entity; pushes are handled one by one.
class Desk {
 public:
  using Register = std::function<void(pw::Dispatcher&, Desk&)>;

  explicit Desk(const Register& add) : inbox_(pw::open_inbox("memory:")) {
    add(dispatcher_, *this);
    pw::WorkerOptions options;
    options.threads = 1;  // reports come in the order of the hand-overs
    options.tries_max = 2;
    options.backoff_min = options.backoff_max = std::chrono::milliseconds{0};
    options.on_handled = [this](const pw::InboxRow& row) {
      if (row.state == pw::InboxState::pending) return;
      settled_.add(std::to_string(row.seq) + " " + std::string{to_text(row.state)} + " " +
                   (row.freshness ? std::string{to_text(*row.freshness)} : "-") + " " + std::to_string(row.tries));
    };
    worker_.emplace(*inbox_, dispatcher_, options);
  }

  /// How the row ended: "SEQ state freshness tries".
  std::string handle(const Version& version) {
    store(*inbox_, push(version));
    return next();
  }
  std::string next() {
    ++count_;
    return settled_.wait_for(count_).at(count_ - 1);
  }
  pw::Inbox& inbox() { return *inbox_; }

  std::function<void(pw::Delivery&)> on_call = [](pw::Delivery&) {};
  Record calls;

 private:
  std::unique_ptr<pw::Inbox> inbox_;
  pw::Dispatcher dispatcher_{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
  Record settled_;
  std::size_t count_ = 0;
  std::optional<pw::Worker> worker_;
};

void note(Desk& desk, pw::Delivery& how) {
  desk.calls.add(std::string{to_text(how.freshness)} + (how.seen_before ? " seen" : ""));
  desk.on_call(how);
}

const Desk::Register following = [](pw::Dispatcher& dispatcher, Desk& desk) {
  dispatcher.follow<pw::Invoice>([&desk](const pw::AnyOf<pw::Invoice>&, pw::Delivery& how) { note(desk, how); });
};
const Desk::Register taking_each = [](pw::Dispatcher& dispatcher, Desk& desk) {
  dispatcher.each<pw::InvoiceUpdated>([&desk](const pw::InvoiceUpdated&, pw::Delivery& how) { note(desk, how); });
};
const Desk::Register taking_all = [](pw::Dispatcher& dispatcher, Desk& desk) {
  dispatcher.on<pw::InvoiceUpdated>([&desk](const pw::InvoiceUpdated&, pw::Delivery& how) { note(desk, how); });
};

pw::RowSelection row(std::uint64_t seq) {
  return {pw::RowSelection::Kind::named, {seq}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict)

BOOST_AUTO_TEST_CASE(follow_is_spared_stale_pushes_and_copies, *label("H2") * label("H8") * label("H9")) {
  Desk desk{following};
  BOOST_TEST(desk.handle(updated('a', 2)) == "1 processed fresh 1");
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed stale 0");
  BOOST_TEST(desk.handle(updated('a', 2)) == "3 copy copy 0");
  BOOST_TEST(desk.handle(updated('c', 2)) == "4 processed ambiguous 1");
  BOOST_TEST(desk.handle(updated('c', 2)) == "5 processed ambiguous 1");
  CHECK_LINES(desk.calls.wait_for(3), "fresh", "ambiguous", "ambiguous seen");
}

BOOST_AUTO_TEST_CASE(on_gets_all_but_copies, *label("H2") * label("H8")) {
  Desk desk{taking_all};
  BOOST_TEST(desk.handle(updated('a', 2)) == "1 processed fresh 1");
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed stale 1");
  BOOST_TEST(desk.handle(updated('a', 2)) == "3 copy copy 0");
  CHECK_LINES(desk.calls.wait_for(2), "fresh", "stale");
}

BOOST_AUTO_TEST_CASE(each_gets_every_distinct_body_once, *label("H8")) {
  Desk desk{taking_each};
  BOOST_TEST(desk.handle(updated('a', 2)) == "1 processed fresh 1");
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed stale 1");
  BOOST_TEST(desk.handle(updated('b', 1)) == "3 copy copy 0");
  BOOST_TEST(desk.handle(updated('c', 3)) == "4 processed fresh 1");
  BOOST_TEST(desk.handle(updated('a', 2)) == "5 copy copy 0");
  CHECK_LINES(desk.calls.wait_for(3), "fresh", "stale", "fresh");
}

BOOST_AUTO_TEST_CASE(copy_of_a_dead_body_has_tries_of_its_own) {
  for (const auto& kind : {taking_each, following, taking_all}) {
    Desk desk{kind};
    desk.on_call = [](pw::Delivery& how) {
      if (how.seq == 1) throw std::runtime_error("not now");
    };
    BOOST_TEST(desk.handle(updated('a', 1)) == "1 dead fresh 2");
    BOOST_TEST(desk.handle(updated('a', 1)) == "2 processed fresh 1");
  }
}

BOOST_AUTO_TEST_CASE(dead_letter_that_is_retried_is_judged_anew, *label("H8")) {
  Desk desk{following};
  desk.on_call = [](pw::Delivery& how) {
    if (how.seq == 1) throw std::runtime_error("not now");
  };
  BOOST_TEST(desk.handle(updated('2', 2)) == "1 dead fresh 2");
  BOOST_TEST(desk.handle(updated('3', 3)) == "2 processed fresh 1");
  desk.inbox().retry(row(1));
  BOOST_TEST(desk.next() == "1 processed stale 2");
}

BOOST_AUTO_TEST_CASE(replay_is_judged_anew_and_under_doubt, *label("H2") * label("H8")) {
  Desk desk{following};
  desk.handle(updated('a', 1));
  desk.handle(updated('b', 2));
  desk.inbox().replay(row(1));
  BOOST_TEST(desk.next() == "3 processed stale 0");
  desk.inbox().replay(row(2));
  BOOST_TEST(desk.next() == "4 processed ambiguous 1");
}

BOOST_AUTO_TEST_CASE(replay_reaches_an_each_handler_that_has_completed_for_these_bytes) {
  Desk desk{taking_each};
  BOOST_TEST(desk.handle(updated('a', 1)) == "1 processed fresh 1");
  desk.inbox().replay(row(1));
  BOOST_TEST(desk.next() == "2 processed ambiguous 1");
  BOOST_TEST(desk.handle(updated('a', 1)) == "3 copy copy 0");
}

BOOST_AUTO_TEST_CASE(replay_that_died_and_is_retried_still_reaches_an_each_handler) {
  Desk desk{taking_each};
  BOOST_TEST(desk.handle(updated('a', 1)) == "1 processed fresh 1");
  desk.on_call = [](pw::Delivery& how) {
    if (how.tries <= 2) throw std::runtime_error("not now");
  };
  desk.inbox().replay(row(1));
  BOOST_TEST(desk.next() == "2 dead ambiguous 2");
  desk.inbox().retry(row(2));
  BOOST_TEST(desk.next() == "2 processed ambiguous 3");
}

BOOST_AUTO_TEST_CASE(replay_beside_a_push_that_is_being_handled_is_not_undone_by_it, *label("H2") * label("H8")) {
  Desk desk{taking_all};
  BOOST_TEST(desk.handle(updated('a', 2)) == "1 processed fresh 1");
  desk.on_call = [&](pw::Delivery& how) {
    if (how.seq == 2) BOOST_TEST(desk.inbox().replay(row(1)).rows == 1u);
  };
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed stale 1");
  BOOST_TEST(desk.next() == "3 processed ambiguous 1");
}

BOOST_AUTO_TEST_CASE(replay_beside_a_push_that_dies_does_not_bring_back_the_time_in_the_future,
                     *label("H8") * label("H9")) {
  constexpr int future = 2'000'000'000;  // in the year 2089
  Desk desk{following};
  desk.handle(updated('a', 1));
  desk.handle(updated('b', future));
  desk.on_call = [&](pw::Delivery& how) {
    if (how.seq != 3) return;
    if (how.tries == 2) BOOST_TEST(desk.inbox().replay(row(1)).rows == 1u);
    throw std::runtime_error("the API is down");
  };
  BOOST_TEST(desk.handle(updated('c', future)) == "3 dead ambiguous 2");
  BOOST_TEST(desk.next() == "4 processed ambiguous 1");
}

BOOST_AUTO_TEST_CASE(dead_push_leaves_the_head_unsure, *label("H2")) {
  Desk desk{following};
  desk.on_call = [](pw::Delivery& how) {
    if (how.seq == 2) throw std::runtime_error("half done");
  };
  BOOST_TEST(desk.handle(updated('a', 1)) == "1 processed fresh 1");
  BOOST_TEST(desk.handle(updated('b', 2)) == "2 dead fresh 2");
  BOOST_TEST(desk.handle(updated('a', 1)) == "3 processed ambiguous 1");
}

BOOST_AUTO_TEST_CASE(observed_raises_the_time_of_the_head, *label("H8") * label("H9")) {
  Desk desk{following};
  desk.handle(updated('a', 1));
  desk.on_call = [](pw::Delivery& how) {
    if (how.freshness == pw::Freshness::ambiguous) how.observed(pw::Timestamp{1'767'225'605, 0});
  };
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed ambiguous 1");
  BOOST_TEST(desk.handle(updated('c', 4)) == "3 processed stale 0");
  BOOST_TEST(desk.handle(updated('d', 6)) == "4 processed fresh 1");
}

BOOST_AUTO_TEST_CASE(observed_gone_makes_the_head_a_deleted_one, *label("H4")) {
  Desk desk{following};
  desk.handle(updated('a', 1));
  desk.on_call = [](pw::Delivery& how) {
    if (how.freshness == pw::Freshness::ambiguous) how.observed_gone();
  };
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed ambiguous 1");
  BOOST_TEST(desk.handle(updated('c', 1)) == "3 processed stale 0");
}

BOOST_AUTO_TEST_CASE(reread_older_than_the_push_is_a_failed_try_even_when_the_handler_hides_it) {
  for (const bool hides : {false, true}) {
    Desk desk{following};
    desk.handle(updated('a', 5));
    desk.on_call = [hides](pw::Delivery& how) {
      if (how.freshness != pw::Freshness::ambiguous) return;
      if (!hides || how.tries == 2) return how.observed(pw::Timestamp{1'767'225'604 + (how.tries == 2), 0});
      BOOST_CHECK_THROW(how.observed(pw::Timestamp{1'767'225'604, 0}), pw::ObservedTooOld);
    };
    BOOST_TEST(desk.handle(updated('b', 5)) == "2 processed ambiguous 2");
  }
}

BOOST_AUTO_TEST_CASE(known_webhook_event_without_a_handler_is_judged_as_with_on, *label("H2") * label("H8")) {
  Desk desk{[](pw::Dispatcher&, Desk&) {}};
  BOOST_TEST(desk.handle(updated('a', 2)) == "1 processed fresh 1");
  BOOST_TEST(desk.handle(updated('b', 1)) == "2 processed stale 1");
  BOOST_TEST(desk.handle(updated('a', 2)) == "3 copy copy 0");
}

BOOST_AUTO_TEST_SUITE_END()
