#include <prospero/webhooks/receive/freshness.hpp>

namespace prospero::webhooks {
namespace {

bool is_later(const PushFacts& a, const PushFacts& b) noexcept {
  return a.changed_at && b.changed_at && *a.changed_at > *b.changed_at;
}

Verdict fresh(const PushFacts& push) noexcept {
  return {Freshness::fresh, {push, false}};
}
Verdict ambiguous(const PushFacts& head) noexcept {
  return {Freshness::ambiguous, {head, true}};
}

Verdict judge_update(const Head& head, const PushFacts& push) noexcept {
  const bool later = is_later(push, head.push);
  const bool earlier = is_later(head.push, push);
  switch (head.push.change) {
    case Change::deleted:  // H4
      return later ? ambiguous(push) : Verdict{Freshness::stale, head};
    case Change::created:  // H7
      return earlier ? ambiguous(head.push) : fresh(push);
    case Change::updated:  // H8, H9
      if (later) return fresh(push);
      return earlier ? Verdict{Freshness::stale, head} : ambiguous(push);
  }
  return ambiguous(push);
}

}  // namespace

Verdict judge(const std::optional<Head>& head, const PushFacts& push) noexcept {
  if (!head) return fresh(push);             // H1
  if (push.identity == head->push.identity)  // H2
    return head->unsure ? ambiguous(head->push) : Verdict{Freshness::copy, *head};
  switch (push.change) {
    case Change::created:  // H3
      return head->push.change == Change::created || is_later(push, head->push) ? ambiguous(head->push)
                                                                                : Verdict{Freshness::stale, *head};
    case Change::deleted:  // H5, H6
      return head->push.change == Change::deleted || is_later(head->push, push) ? ambiguous(push) : fresh(push);
    case Change::updated:
      return judge_update(*head, push);
  }
  return ambiguous(push);
}

Head with_observation(Head head, const Observation& observation) noexcept {
  head.unsure = true;
  if (observation.gone) {
    head.push.change = Change::deleted;
    return head;
  }
  if (head.push.change == Change::deleted) head.push.change = Change::updated;
  if (observation.changed_at && (!head.push.changed_at || *head.push.changed_at < *observation.changed_at))
    head.push.changed_at = observation.changed_at;
  return head;
}

bool is_too_old(const Observation& observation, const PushFacts& push) noexcept {
  return !observation.gone && observation.changed_at && push.changed_at && *observation.changed_at < *push.changed_at;
}

}  // namespace prospero::webhooks
