// S: who gets which webhook event.
#include <fmt/format.h>

#include <algorithm>

#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

class Walk {
 public:
  Walk(const Checked& run, Findings& findings)
      : history_(run.history), findings_(findings), live_(run.history.webhooks.size()) {}

  void go() {
    Number known = 0;  // deliveries are numbered as they come up
    for (const auto& entry : history_.entries) {
      const bool born = entry.kind == Entry::Kind::delivery && entry.subject == known;
      if (born) {
        ++known;
        got_.push_back(entry.subject);
        continue;
      }
      finish();
      if (entry.kind == Entry::Kind::registered) on_registered(entry.subject);
      if (entry.kind == Entry::Kind::remove) live_[entry.subject] = false;
      if (entry.kind == Entry::Kind::fired) change_ = entry.subject;
    }
    finish();
  }

 private:
  void on_registered(Number number);
  void finish();
  void judge(Number delivery, const ChangeFacts& change);
  bool listens(const WebhookFacts& webhook, const ChangeFacts& change) const {
    return std::find(webhook.events.begin(), webhook.events.end(), change.event) != webhook.events.end();
  }

  const History& history_;
  Findings& findings_;
  std::vector<bool> live_;
  std::optional<Number> change_;
  std::vector<Number> got_;
};

void Walk::on_registered(Number number) {
  const auto& webhook = history_.webhooks[number];
  for (Number other = 0; other < history_.webhooks.size(); ++other) {
    const auto& one = history_.webhooks[other];
    if (live_[other] && one.organization == webhook.organization && one.url == webhook.url)
      findings_.add("G3", fmt::format("{} has the same URL twice, as {} and {}", one.organization, one.id, webhook.id));
  }
  live_[number] = true;
}

void Walk::finish() {
  if (change_) {
    const auto& change = history_.changes[*change_];
    for (const auto delivery : got_) judge(delivery, change);
    for (Number number = 0; number < history_.webhooks.size(); ++number) {
      const auto& webhook = history_.webhooks[number];
      if (!live_[number] || webhook.organization != change.organization || !listens(webhook, change)) continue;
      const auto count = std::count_if(
          got_.begin(), got_.end(), [&](Number delivery) { return history_.deliveries[delivery].webhook == number; });
      if (count != 1)
        findings_.add("S2", fmt::format("webhook {} listens to {} and gets {} deliveries of one change", webhook.id,
                                        change.event, count));
    }
  }
  change_.reset();
  got_.clear();
}

void Walk::judge(Number delivery, const ChangeFacts& change) {
  const auto number = history_.deliveries[delivery].webhook;
  const auto& webhook = history_.webhooks[number];
  if (webhook.organization != change.organization)
    findings_.add("S1",
                  fmt::format("webhook {} of {} fires for {}", webhook.id, webhook.organization, change.organization),
                  delivery);
  if (!listens(webhook, change))
    findings_.add("S2", fmt::format("webhook {} fires for {}, to which it does not listen", webhook.id, change.event),
                  delivery);
  if (!live_[number]) findings_.add("G2", fmt::format("webhook {} fires although it is deleted", webhook.id), delivery);
}

}  // namespace

void check_subscriptions(const Checked& run, Findings& findings) {
  Walk{run, findings}.go();
  for (const auto i : run.tracks.stray_receipts)
    findings.add("S1",
                 fmt::format("a consumer got a push that no attempt explains: {}", *run.history.receipts[i].body));
}

}  // namespace mock::simulation
