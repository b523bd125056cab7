#include "metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <vector>

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr double seconds_a_day = 86'400;

class Page {
 public:
  MetricFamily& family(std::string name, std::string help, MetricType type) {
    MetricFamily made;
    made.name = std::move(name);
    made.help = std::move(help);
    made.type = type;
    families_.push_back(std::move(made));
    return families_.back();
  }

  void counter(std::string name, std::string help, std::uint64_t value) {
    add_counter(family(std::move(name), std::move(help), MetricType::Counter), {}, value);
  }

  void gauge(std::string name, std::string help, double value) {
    add_gauge(family(std::move(name), std::move(help), MetricType::Gauge), {}, value);
  }

  void histogram(std::string name, std::string help, const pw::Histogram& values) {
    ClientMetric metric;
    metric.histogram.sample_count = values.count();
    metric.histogram.sample_sum = values.sum();
    std::uint64_t up_to_here = 0;
    for (std::size_t i = 0; i < values.upper_bounds().size(); ++i) {
      up_to_here += values.counts()[i];
      metric.histogram.bucket.push_back({up_to_here, values.upper_bounds()[i]});
    }
    family(std::move(name), std::move(help), MetricType::Histogram).metric.push_back(std::move(metric));
  }

  static void add_counter(MetricFamily& to, Labels labels, std::uint64_t value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
    to.metric.push_back(std::move(metric));
  }

  static void add_gauge(MetricFamily& to, Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    to.metric.push_back(std::move(metric));
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  std::vector<MetricFamily> families_;
};

/// Nothing for a path without a label: then there is one webhook, or they are not told apart.
Labels source_label(const std::string& source) {
  return source.empty() ? Labels{} : Labels{{"source", source}};
}

void add_answers(Page& page, const pw::ListenerCounters& listener) {
  auto& answers = page.family("prospero_answers_total", "Answers sent, by status.", MetricType::Counter);
  std::map<int, std::uint64_t> by_status = listener.answers;
  for (const int always : {200, 503}) by_status.try_emplace(always, 0);  // a rate needs a start
  for (const auto& [status, count] : by_status) Page::add_counter(answers, {{"status", std::to_string(status)}}, count);
  page.histogram("prospero_answer_seconds", "From the first byte of a push to its answer.", listener.answer_seconds);
}

void add_connections(Page& page, const Figures& figures) {
  const auto& listener = figures.listener;
  page.gauge("prospero_connections_open", "Connections open now.", static_cast<double>(listener.connections_open));
  page.gauge("prospero_reading_bytes", "Of large bodies that are being read, without the first 64 KiB of each.",
             static_cast<double>(listener.reading_bytes));
  page.counter("prospero_connections_accepted_total", "Connections accepted.", listener.connections_accepted);
  page.counter("prospero_connections_evicted_total", "Connections closed to make room for others.",
               listener.connections_evicted);
  page.counter("prospero_connections_refused_total", "Connections from outside --trust-proxy.",
               listener.connections_refused);
  page.counter("prospero_tls_failures_total", "Connections that never got a TLS session.", listener.tls_failures);
  page.counter("prospero_certificate_reloads_total", "New certificates that came into use.",
               listener.certificate_reloads);
  page.counter("prospero_certificate_failures_total", "New certificate files that could not be used.",
               listener.certificate_failures);
  if (!listener.certificate_expires) return;
  const std::chrono::duration<double> left = *listener.certificate_expires - figures.now;
  page.gauge("prospero_certificate_expiry_days", "Days until the certificate in use expires.",
             left.count() / seconds_a_day);
}

void add_pushes(Page& page, const Figures& figures) {
  const auto& receiver = figures.receiver;
  page.counter("prospero_pushes_stored_total", "Pushes made durable as a row of their own.", receiver.stored);
  page.counter("prospero_pushes_absorbed_total", "Pushes made durable as one more copy of one that waits.",
               receiver.absorbed);
  page.counter("prospero_pushes_kept_aside_total", "Bodies kept aside, which no handler sees.", receiver.kept_aside);
  page.counter("prospero_pushes_unstored_total", "Pushes that could not be stored: answered 503.", receiver.unstored);
  page.counter("prospero_pushes_too_large_total", "Pushes larger than --body-max: answered 413.", receiver.too_large);
  page.counter("prospero_pushes_without_time_total", "Pushes without a readable lastUpdatedAt.", receiver.without_time);
  page.counter("prospero_pushes_from_future_total", "Pushes whose lastUpdatedAt is over 5 min ahead of this clock.",
               receiver.from_future);
}

void add_silence(Page& page, const Figures& figures) {
  auto& since = page.family("prospero_seconds_since_last_push",
                            "Since the last push came in, by label of the path; since the start if none ever did.",
                            MetricType::Gauge);
  for (const auto& [source, silence] : figures.silence) Page::add_gauge(since, source_label(source), silence.seconds);
  auto& alarm =
      page.family("prospero_silence_alarm",
                  "1 while no push came for longer than --expect-push-every, by label of the path.", MetricType::Gauge);
  for (const auto& [source, silence] : figures.silence)
    Page::add_gauge(alarm, source_label(source), silence.alarm ? 1 : 0);
}

void add_inbox(Page& page, const Figures& figures) {
  if (figures.disk_free_bytes)
    page.gauge("prospero_inbox_disk_free_bytes", "Free space where the inbox is.",
               static_cast<double>(*figures.disk_free_bytes));
  page.gauge("prospero_inbox_readable", "1 when the figures of the inbox could be read, 0 when they are missing here.",
             figures.inbox ? 1 : 0);
  if (figures.inbox_bytes_max > 0)
    page.gauge("prospero_inbox_max_bytes", "--inbox-max.", static_cast<double>(figures.inbox_bytes_max));
  page.gauge("prospero_inbox_quarantined_max_bytes", "Size of the quarantine from which on only beginnings are kept.",
             static_cast<double>(figures.quarantine_bytes_max));
  if (!figures.inbox) return;
  const pw::InboxCounts& inbox = *figures.inbox;
  page.gauge("prospero_inbox_used_bytes", "Used of the inbox file, without what is kept aside.",
             static_cast<double>(inbox.bytes_without_aside));
  page.gauge("prospero_inbox_quarantined_bytes", "Bodies kept aside.", static_cast<double>(inbox.quarantined_bytes));
  auto& rows = page.family("prospero_inbox_rows", "Rows in the inbox, by state.", MetricType::Gauge);
  const std::pair<pw::InboxState, std::uint64_t> states[] = {{pw::InboxState::pending, inbox.pending},
                                                             {pw::InboxState::processed, inbox.processed},
                                                             {pw::InboxState::dead, inbox.dead},
                                                             {pw::InboxState::quarantined, inbox.quarantined},
                                                             {pw::InboxState::copy, inbox.copy}};
  for (const auto& [state, count] : states)
    Page::add_gauge(rows, {{"state", std::string(pw::to_text(state))}}, static_cast<double>(count));
  const std::chrono::duration<double> age =
      inbox.oldest_pending_at ? figures.now - *inbox.oldest_pending_at : std::chrono::system_clock::duration{};
  page.gauge("prospero_inbox_oldest_pending_seconds", "Age of the oldest push that waits to be handled.", age.count());
  page.gauge("prospero_inbox_waiting_for_disk", "Pushes that wait for their commit now.",
             static_cast<double>(inbox.waiting_for_disk));
  page.counter("prospero_inbox_commits_total", "Transactions of pushes and of results.", inbox.commits);
  page.histogram("prospero_inbox_group_size", "Pushes that shared a transaction.", inbox.group_sizes);
}

void add_gaps(Page& page, const Figures& figures) {
  std::map<std::pair<pw::GapReason, std::string>, std::uint64_t> counts{{{pw::GapReason::down, ""}, 0}};
  for (const auto& [source, silence] : figures.silence) counts[{pw::GapReason::may_be_disabled, source}] = 0;
  std::chrono::system_clock::time_point last_end{};
  for (const pw::Gap& gap : figures.gaps) {
    ++counts[{gap.reason, gap.source}];
    last_end = std::max<std::chrono::system_clock::time_point>(last_end, gap.to);
  }
  auto& gaps =
      page.family("prospero_gaps", "Spans in which pushes may have been missed, by reason and label of the path.",
                  MetricType::Gauge);
  for (const auto& [kind, count] : counts) {
    Labels labels = source_label(kind.second);
    labels.insert(labels.begin(), {"reason", std::string(pw::to_text(kind.first))});
    Page::add_gauge(gaps, std::move(labels), static_cast<double>(count));
  }
  page.gauge("prospero_last_gap_end_seconds", "End of the latest of them, in seconds since 1970; 0 when there is none.",
             std::chrono::duration<double>(last_end.time_since_epoch()).count());
}

void add_handling(Page& page, const Figures& figures) {
  auto& handled =
      page.family("prospero_handled_total", "Hand-overs by how they ended (pending: to be tried again) and by verdict.",
                  MetricType::Counter);
  std::map<HandledCounts::Kind, std::uint64_t> by_kind = figures.handled;
  // The first dead letter has to be an increase, not the birth of a series.
  for (const char* result : {"processed", "dead", "pending"})
    for (const char* freshness : {"", "fresh", "stale", "ambiguous", "copy"})
      by_kind.try_emplace({result, freshness}, 0);
  for (const auto& [kind, count] : by_kind)
    Page::add_counter(handled, {{"result", kind.first}, {"freshness", kind.second}}, count);
  page.histogram("prospero_handler_seconds", "Time that handlers took.", figures.handler_seconds);
}

}  // namespace

void HandledCounts::settled(const pw::InboxRow& row) {
  const std::lock_guard hold(mutex_);
  ++by_kind_[{std::string(pw::to_text(row.state)), std::string(row.freshness ? pw::to_text(*row.freshness) : "")}];
}

void HandledCounts::took(std::chrono::duration<double> time) {
  const std::lock_guard hold(mutex_);
  seconds_.observe(time.count());
}

std::map<HandledCounts::Kind, std::uint64_t> HandledCounts::by_kind() const {
  const std::lock_guard hold(mutex_);
  return by_kind_;
}

pw::Histogram HandledCounts::seconds() const {
  const std::lock_guard hold(mutex_);
  return seconds_;
}

std::string to_prometheus(const Figures& figures) {
  Page page;
  add_answers(page, figures.listener);
  add_pushes(page, figures);
  add_silence(page, figures);
  add_inbox(page, figures);
  if (figures.inbox) add_gaps(page, figures);
  add_handling(page, figures);
  add_connections(page, figures);
  return page.text();
}

}  // namespace consumer
