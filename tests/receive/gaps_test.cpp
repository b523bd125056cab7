#include <prospero/webhooks/receive/gaps.hpp>

#include <boost/test/unit_test.hpp>
#include <string>

namespace pw = prospero::webhooks;
using boost::unit_test::label;
using pw::Span;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Spans = std::vector<Span>;

namespace {

pw::InboxTime at(milliseconds since_midnight) {
  return pw::InboxTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}} + since_midnight;
}

Span span(milliseconds from, milliseconds to) {
  return {at(from), at(to)};
}

std::string shown(const Spans& spans) {
  std::string text;
  for (const Span& one : spans)
    text += "[" + std::to_string((one.from - at({})).count() / 1000) + ", " +
            std::to_string((one.to - at({})).count() / 1000) + ") ";
  return text;
}

// So many failed answers, a second apart.
void fail(pw::SilenceState& state, int count, milliseconds from) {
  for (int n = 0; n < count; ++n) pw::note_failure(state, at(from + seconds{n}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gaps)

BOOST_AUTO_TEST_CASE(push_is_lost_only_when_all_four_attempts_fall_into_down_times, *label("R1") * label("R4")) {
  struct Row {
    const char* what;
    Spans down;
    const char* lost;  // seconds since midnight
  };
  const Row rows[] = {
      {"never down", {}, ""},
      {"a minute", {span({}, minutes{1})}, ""},
      {"an hour", {span({}, hours{1})}, ""},
      {"7 h 0 min lose nothing", {span({}, hours{7})}, ""},
      {"7 h 1 min lose what an attempt under way at the begin was", {span({}, hours{7} + minutes{1})}, "[-5, 0) "},
      {"7 h 2 min lose the first minute", {span({}, hours{7} + minutes{2})}, "[-5, 60) "},
      {"10 h lose the first three", {span({}, hours{10})}, "[-5, 10740) "},
      {"up for the retry after a minute", {span({}, seconds{50}), span(seconds{130}, hours{10})}, "[125, 10740) "},
      {"down at each of the four instants only",
       {span(seconds{0}, seconds{10}), span(seconds{60}, seconds{70}), span(seconds{3'660}, seconds{3'670}),
        span(seconds{25'260}, seconds{25'270})},
       "[-5, 10) "},
      {"up at the last of them",
       {span(seconds{0}, seconds{10}), span(seconds{60}, seconds{70}), span(seconds{3'660}, seconds{3'670})},
       ""},
      {"four failed answers of one push",
       {span(seconds{2}, milliseconds{2'001}), span(seconds{64}, milliseconds{64'001}),
        span(seconds{3'666}, milliseconds{3'666'001}), span(seconds{25'268}, milliseconds{25'268'001})},
       "[-3, 2) "},
  };
  for (const Row& row : rows) BOOST_TEST_CONTEXT(row.what) BOOST_TEST(shown(pw::lost_spans(row.down)) == row.lost);
  BOOST_TEST((pw::last_retry_after() == hours{7} + minutes{1}));
}

BOOST_AUTO_TEST_CASE(spans_are_sets) {
  const Spans a{span(seconds{0}, seconds{10}), span(seconds{20}, seconds{30})};
  BOOST_TEST(shown(pw::normalized({a[1], span(seconds{5}, seconds{12}), a[0], span(seconds{12}, seconds{13}),
                                   span(seconds{9}, seconds{9})})) == "[0, 13) [20, 30) ");
  BOOST_TEST(shown(pw::intersection(a, {span(seconds{5}, seconds{25})})) == "[5, 10) [20, 25) ");
  BOOST_TEST(shown(pw::difference(a, {span(seconds{5}, seconds{6}), span(seconds{8}, seconds{22})})) ==
             "[0, 5) [6, 8) [22, 30) ");
  BOOST_TEST(shown(pw::difference(a, {span(seconds{-1}, seconds{40})})).empty());
}

BOOST_AUTO_TEST_CASE(silence_is_reported_while_it_lasts_and_when_it_ends, *label("X1")) {
  pw::SilenceState state;
  const pw::GapRules rules;                                      // 24 h
  BOOST_TEST(!pw::judge_silence(state, at(hours{100}), rules));  // never heard anything: nothing was disabled
  state.last_push_at = at({});
  BOOST_TEST(!pw::judge_silence(state, at(hours{24} - milliseconds{1}), rules));
  BOOST_TEST((pw::judge_silence(state, at(hours{24}), rules) == span({}, hours{24})));
  BOOST_TEST(!pw::judge_silence(state, at(hours{47}), rules));
  BOOST_TEST((pw::judge_silence(state, at(hours{48}), rules) == span(hours{24}, hours{48})));
  state.last_push_at = at(hours{50});
  BOOST_TEST((pw::judge_silence(state, at(hours{51}), rules) == span(hours{48}, hours{50})));
  BOOST_TEST(!pw::judge_silence(state, at(hours{52}), rules));
  BOOST_TEST((pw::judge_silence(state, at(hours{74}), rules) == span(hours{50}, hours{74})));
}

BOOST_AUTO_TEST_CASE(many_failed_answers_in_a_row_may_have_disabled_the_webhook, *label("X1") * label("X2")) {
  pw::SilenceState state;
  pw::note_push(state, at({}));
  fail(state, 19, minutes{1});
  BOOST_TEST(!pw::judge_silence(state, at(minutes{3})));
  fail(state, 1, minutes{2});
  BOOST_TEST((pw::judge_silence(state, at(minutes{3})) == span(minutes{1}, minutes{3})));
  BOOST_TEST(!pw::judge_silence(state, at(minutes{4})));
  pw::note_push(state, at(minutes{9}));
  BOOST_TEST((pw::judge_silence(state, at(minutes{10})) == span(minutes{3}, minutes{9})));
  BOOST_TEST(!pw::judge_silence(state, at(minutes{10})));
  pw::GapRules never;
  never.failures_max = 0;
  never.silence_max = milliseconds{0};
  fail(state, 100, minutes{11});
  BOOST_TEST(!pw::judge_silence(state, at(hours{1'000}), never));
}

BOOST_AUTO_TEST_CASE(many_failed_answers_are_reported_after_a_push_has_ended_them, *label("X1") * label("X2")) {
  pw::SilenceState state;
  fail(state, 19, minutes{1});
  pw::note_push(state, at(minutes{2}));
  BOOST_TEST(!pw::judge_silence(state, at(minutes{3})));
  fail(state, 20, minutes{4});
  pw::note_push(state, at(minutes{5}));
  fail(state, 20, minutes{6});
  pw::note_push(state, at(minutes{7}));
  pw::note_push(state, at(minutes{8}));
  BOOST_TEST((pw::judge_silence(state, at(minutes{9})) == span(minutes{4}, minutes{7})));
  BOOST_TEST(!pw::judge_silence(state, at(minutes{9})));
}

BOOST_AUTO_TEST_CASE(push_that_waited_while_its_silence_was_reported_ends_it, *label("X1") * label("X2")) {
  pw::SilenceState state;
  fail(state, 20, minutes{1});
  BOOST_TEST((pw::judge_silence(state, at(minutes{3})) == span(minutes{1}, minutes{3})));
  pw::note_push(state, at(minutes{3} - seconds{1}));
  BOOST_TEST(!pw::judge_silence(state, at(minutes{4})));
  fail(state, 20, minutes{5});
  BOOST_TEST((pw::judge_silence(state, at(minutes{6})) == span(minutes{5}, minutes{6})));
}

BOOST_AUTO_TEST_CASE(push_of_a_clock_that_was_ahead_hides_no_silence, *label("X1")) {
  pw::SilenceState state;
  pw::note_push(state, at(hours{720}));
  pw::note_push(state, at(minutes{1}));  // set back
  BOOST_TEST(!pw::judge_silence(state, at(minutes{2})));
  BOOST_TEST((state.last_push_at == at(minutes{2})));
  BOOST_TEST((pw::judge_silence(state, at(minutes{2} + hours{24})) == span(minutes{2}, minutes{2} + hours{24})));
}

BOOST_AUTO_TEST_CASE(what_a_clock_that_was_ahead_reported_hides_no_failures, *label("X1") * label("X2")) {
  pw::SilenceState state;
  pw::note_push(state, at({}));
  BOOST_TEST((pw::judge_silence(state, at(hours{48})) == span({}, hours{48})));
  fail(state, 20, minutes{1});  // set back
  BOOST_TEST((pw::judge_silence(state, at(minutes{2})) == span(minutes{1}, minutes{2})));
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_begin_at_the_first_after_the_clock_was_set_back, *label("X1") * label("X2")) {
  pw::SilenceState state;
  fail(state, 19, hours{48});
  fail(state, 1, minutes{1});
  BOOST_TEST((pw::judge_silence(state, at(minutes{2})) == span(minutes{1}, minutes{2})));
}

BOOST_AUTO_TEST_CASE(failures_that_a_clock_that_was_ahead_reported_are_of_the_moment_when_it_was_set_back,
                     *label("X2")) {
  pw::SilenceState state;
  fail(state, 20, hours{48});
  BOOST_TEST((pw::judge_silence(state, at(hours{49})) == span(hours{48}, hours{49})));
  BOOST_TEST((pw::judge_silence(state, at(minutes{1})) == span(minutes{1}, minutes{1})));  // set back
  pw::note_push(state, at(minutes{2}));
  BOOST_TEST((pw::judge_silence(state, at(minutes{3})) == span(minutes{1}, minutes{2})));
}

BOOST_AUTO_TEST_CASE(reasons_have_names) {
  for (const auto reason : {pw::GapReason::down, pw::GapReason::may_be_disabled})
    BOOST_TEST((pw::gap_reason_from_text(to_text(reason)) == reason));
  BOOST_TEST(!pw::gap_reason_from_text("bored"));
}

BOOST_AUTO_TEST_SUITE_END()
