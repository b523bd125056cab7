#include "history_model.hpp"

#include <boost/test/unit_test.hpp>

using namespace receive_test;
using boost::unit_test::label;
namespace pw = prospero::webhooks;

namespace {

enum class Rule { whole, without_unsure };

pw::Identity identity_of(const Version& version) {
  pw::Identity one{};
  one.bytes[0] = static_cast<std::uint8_t>(version.change);
  one.bytes[1] = static_cast<std::uint8_t>(version.content);
  if (version.changed_at) one.bytes[2] = static_cast<std::uint8_t>(version.changed_at->seconds);
  one.bytes[3] = version.changed_at ? 1 : 0;
  return one;
}

bool ends_well(const History& history, const Order& order, Follower::Reread reread, Rule rule) {
  Follower app{history, reread};
  std::optional<pw::Head> head;
  for (const std::size_t index : order) {
    const Version& version = history[index];
    app.arrives(index);
    const auto verdict = pw::judge(head, {identity_of(version), version.change, version.changed_at});
    const auto observation = app.handle(index, verdict.freshness);
    head = observation ? pw::with_observation(verdict.head, *observation) : verdict.head;
    if (rule == Rule::without_unsure) head->unsure = false;
  }
  return app.is_true() && !app.went_backwards();
}

struct Score {
  std::size_t orders = 0, wrong = 0;
};

Score score(const HistoryLimits& limits, std::size_t copies_max, Rule rule) {
  Score total;
  each_history(limits, [&](const History& history) {
    each_order(history.size(), copies_max, [&](const Order& order) {
      for (const auto reread : {Follower::Reread::early, Follower::Reread::late}) {
        ++total.orders;
        total.wrong += !ends_well(history, order, reread, rule);
      }
    });
  });
  return total;
}

constexpr HistoryLimits timed{4, true, false}, timeless{4, false, false}, comebacks{4, true, true};

}  // namespace

BOOST_AUTO_TEST_SUITE(freshness_model)

BOOST_AUTO_TEST_CASE(whoever_follows_the_verdicts_ends_on_the_true_state_and_never_goes_backwards,
                     *label("H1") * label("H2") * label("H3") * label("H4") * label("H5") * label("H6") * label("H7") *
                         label("H8") * label("H9") * label("D8") * label("T6")) {
  for (const HistoryLimits& limits : {timed, timeless, comebacks}) {
    const Score whole = score(limits, 2, Rule::whole);
    BOOST_TEST_MESSAGE(whole.orders << " orders");
    BOOST_TEST(whole.orders > 20'000u);
    BOOST_TEST(whole.wrong == 0u);
  }
}

BOOST_AUTO_TEST_CASE(without_unsure_the_model_finds_wrong_ends, *label("H2")) {
  for (const HistoryLimits& limits : {timed, timeless, comebacks})
    BOOST_TEST(score(limits, 0, Rule::without_unsure).wrong > 0u);
}

BOOST_AUTO_TEST_CASE(created_a_b_a_in_one_second_needs_unsure, *label("H2") * label("H9")) {
  const pw::Timestamp second{1'767'225'600, 0};
  const History history{{pw::Change::created, 'a', second},
                        {pw::Change::updated, 'a', second},
                        {pw::Change::updated, 'b', second},
                        {pw::Change::updated, 'a', second}};
  const Order order{0, 2, 1, 3};
  BOOST_TEST(ends_well(history, order, Follower::Reread::early, Rule::whole));
  BOOST_TEST(!ends_well(history, order, Follower::Reread::early, Rule::without_unsure));
}

BOOST_AUTO_TEST_SUITE_END()
