#include "consumer/metrics.hpp"

#include <boost/test/unit_test.hpp>

namespace pw = prospero::webhooks;
using namespace std::chrono_literals;

namespace {

bool has_line(const std::string& page, const std::string& line) {
  return page.find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(figures_appear_under_their_names) {
  consumer::Figures figures;
  figures.now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
  figures.listener.answers[404] = 3;
  figures.listener.connections_open = 7;
  figures.listener.reading_bytes = 834'464;
  figures.listener.answer_seconds.observe(0.003);
  figures.listener.answer_seconds.observe(4.0);
  figures.listener.certificate_expires = std::chrono::sys_days(std::chrono::year(2026) / 12 / 4);
  figures.receiver.absorbed = 2;
  figures.inbox = pw::InboxCounts{};
  figures.inbox->pending = 5;
  figures.inbox->oldest_pending_at = std::chrono::time_point_cast<std::chrono::milliseconds>(figures.now - 90s);
  figures.inbox->bytes_used = 1'000;
  figures.inbox->bytes_without_aside = 600;
  figures.inbox->quarantined_bytes = 300;
  figures.inbox_bytes_max = 2'000;
  figures.quarantine_bytes_max = 3'000;
  figures.handled[{"processed", "stale"}] = 4;
  figures.silence = {{"", {12.5, true}}, {"orgA", {7, false}}};
  figures.inbox->group_sizes = pw::sizes_histogram();
  figures.inbox->group_sizes.observe(20);
  figures.gaps = {{1, pw::InboxTime{1h}, pw::InboxTime{2h}, pw::GapReason::down, false},
                  {2, pw::InboxTime{1h}, pw::InboxTime{3h}, pw::GapReason::may_be_disabled, true, "orgB"}};
  const std::string page = consumer::to_prometheus(figures);
  for (const char* line : {"prospero_answers_total{status=\"200\"} 0",
                           "prospero_answers_total{status=\"404\"} 3",
                           "prospero_connections_open 7",
                           "prospero_reading_bytes 834464",
                           "prospero_answer_seconds_bucket{le=\"0.005\"} 1",
                           "prospero_answer_seconds_bucket{le=\"5\"} 2",
                           "prospero_answer_seconds_count 2",
                           "prospero_certificate_expiry_days 10",
                           "prospero_pushes_absorbed_total 2",
                           "prospero_inbox_rows{state=\"pending\"} 5",
                           "prospero_inbox_oldest_pending_seconds 90",
                           "prospero_handled_total{result=\"processed\",freshness=\"stale\"} 4",
                           "prospero_handled_total{result=\"dead\",freshness=\"fresh\"} 0",
                           "prospero_handled_total{result=\"dead\",freshness=\"ambiguous\"} 0",
                           "prospero_inbox_used_bytes 600",
                           "prospero_inbox_max_bytes 2000",
                           "prospero_inbox_quarantined_bytes 300",
                           "prospero_inbox_quarantined_max_bytes 3000",
                           "prospero_inbox_readable 1",
                           "prospero_inbox_group_size_bucket{le=\"16\"} 0",
                           "prospero_inbox_group_size_bucket{le=\"32\"} 1",
                           "prospero_gaps{reason=\"down\"} 1",
                           "prospero_gaps{reason=\"may_be_disabled\"} 0",
                           "prospero_gaps{reason=\"may_be_disabled\",source=\"orgA\"} 0",
                           "prospero_gaps{reason=\"may_be_disabled\",source=\"orgB\"} 1",
                           "prospero_last_gap_end_seconds 10800",
                           "prospero_silence_alarm 1",
                           "prospero_silence_alarm{source=\"orgA\"} 0",
                           "prospero_seconds_since_last_push 12.5",
                           "prospero_seconds_since_last_push{source=\"orgA\"} 7"})
    BOOST_TEST(has_line(page, line), line << " not in:\n" << page);
}

BOOST_AUTO_TEST_CASE(an_inbox_without_gaps_shows_none) {
  consumer::Figures figures;
  figures.inbox = pw::InboxCounts{};
  BOOST_TEST(has_line(consumer::to_prometheus(figures), "prospero_last_gap_end_seconds 0"));
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_left_out) {
  const std::string page = consumer::to_prometheus({});
  for (const char* name : {"prospero_certificate_expiry_days", "prospero_inbox_rows", "prospero_inbox_disk_free_bytes",
                           "prospero_inbox_max_bytes", "prospero_gaps", "prospero_last_gap_end_seconds"})
    BOOST_TEST(page.find(name) == std::string::npos, name);
  BOOST_TEST(has_line(page, "prospero_inbox_readable 0"));
}

BOOST_AUTO_TEST_CASE(hand_overs_are_counted_by_end_and_verdict) {
  consumer::HandledCounts counts;
  pw::InboxRow row;
  row.state = pw::InboxState::processed;
  row.freshness = pw::Freshness::fresh;
  counts.settled(row);
  counts.settled(row);
  row.state = pw::InboxState::dead;
  row.freshness = std::nullopt;
  counts.settled(row);
  const auto by_kind = counts.by_kind();
  BOOST_TEST(by_kind.at({"processed", "fresh"}) == 2u);
  BOOST_TEST(by_kind.at({"dead", ""}) == 1u);
  counts.took(2s);
  BOOST_TEST(counts.seconds().sum() == 2.0);
}

BOOST_AUTO_TEST_SUITE_END()
