#include "history_model.hpp"

#include <algorithm>

namespace receive_test {

namespace pw = prospero::webhooks;
using pw::Change;

namespace {

constexpr std::int64_t first_second = 1'767'225'600;

bool may_follow(const History& history, Change next, bool comebacks) {
  if (history.empty()) return next == Change::created;
  const bool exists = history.back().exists();
  return next == Change::created ? !exists && comebacks : exists;
}

// The versions that the next change can lead to.
std::vector<Version> nexts(const History& history, const HistoryLimits& limits) {
  std::vector<Version> found;
  for (const Change change : {Change::created, Change::updated, Change::deleted}) {
    if (!may_follow(history, change, limits.comebacks)) continue;
    const auto last = history.empty() ? std::optional<pw::Timestamp>{} : history.back().changed_at;
    if (change == Change::deleted) {  // carries the entity as last known (T7)
      found.push_back({change, history.back().content, last});
      continue;
    }
    for (const char content : {'a', 'b'}) {
      if (change == Change::created && content == 'b') continue;
      if (!limits.timed) {
        found.push_back({change, content, std::nullopt});
        continue;
      }
      const std::int64_t base = last ? last->seconds : first_second;
      const bool may_share_a_second = change == Change::updated;
      if (may_share_a_second) found.push_back({change, content, pw::Timestamp{base, 0}});
      found.push_back({change, content, pw::Timestamp{base + 1, 0}});
    }
  }
  return found;
}

void extend(History& history, const HistoryLimits& limits, const std::function<void(const History&)>& visit) {
  if (!history.empty()) visit(history);
  if (history.size() == limits.changes_max) return;
  for (const Version& next : nexts(history, limits)) {
    history.push_back(next);
    extend(history, limits, visit);
    history.pop_back();
  }
}

void with_copies(Order& pushes, std::size_t changes, std::size_t from, std::size_t copies_left,
                 const std::function<void(const Order&)>& visit) {
  Order order = pushes;
  std::sort(order.begin(), order.end());
  do visit(order);
  while (std::next_permutation(order.begin(), order.end()));
  if (copies_left == 0) return;
  for (std::size_t copied = from; copied < changes; ++copied) {
    pushes.push_back(copied);
    with_copies(pushes, changes, copied, copies_left - 1, visit);
    pushes.pop_back();
  }
}

}  // namespace

std::string body_of(const Version& version, const std::string& entity_id) {
  std::string body = R"({"event":"invoice.)" + std::string{to_text(version.change)} + R"(","data":{"id":")" +
                     entity_id + R"(","note":")" + version.content + '"';
  if (version.changed_at) body += R"(,"lastUpdatedAt":")" + to_text(*version.changed_at) + '"';
  return body + "}}";
}

void each_history(const HistoryLimits& limits, const std::function<void(const History&)>& visit) {
  History history;
  extend(history, limits, visit);
}

void each_order(std::size_t changes, std::size_t copies_max, const std::function<void(const Order&)>& visit) {
  Order pushes;
  for (std::size_t n = 0; n < changes; ++n) pushes.push_back(n);
  with_copies(pushes, changes, 0, copies_max, visit);
}

void Follower::arrives(std::size_t index) {
  arrived_max_ = std::max(arrived_max_, index);
}

std::optional<pw::Observation> Follower::handle(std::size_t index, pw::Freshness freshness) {
  switch (freshness) {
    case pw::Freshness::stale:
    case pw::Freshness::copy:
      return std::nullopt;
    case pw::Freshness::fresh:
      take(index);
      return std::nullopt;
    case pw::Freshness::ambiguous:
      break;
  }
  read_max_ = reread_ == Reread::early ? std::max(arrived_max_, read_max_) : history_->size() - 1;
  take(read_max_);
  const Version& found = (*history_)[read_max_];
  if (!found.exists()) return pw::Observation{true, std::nullopt};
  if (!found.changed_at) return std::nullopt;
  return pw::Observation{false, found.changed_at};
}

bool Follower::is_true() const {
  return state_ && same(*state_, history_->size() - 1);
}

bool Follower::same(std::size_t a, std::size_t b) const {
  const Version &one = (*history_)[a], &other = (*history_)[b];
  if (!one.exists() || !other.exists()) return one.exists() == other.exists();
  return one.content == other.content && one.changed_at == other.changed_at;
}

void Follower::take(std::size_t index) {
  if (state_ && index < *state_ && !same(index, *state_)) backwards_ = true;
  state_ = index;
}

}  // namespace receive_test
