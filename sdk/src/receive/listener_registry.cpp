#include "listener_registry.hpp"

namespace prospero::webhooks::detail {

Registry::Id Registry::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  if (shut_) return 0;
  const Id id = ++last_id_;
  open_.emplace(id, Entry{connection, waiting_.insert(waiting_.end(), id), false});
  ++counters_.connections_accepted;
  return id;
}

void Registry::remove(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  if (found->second.waiting != waiting_.end()) waiting_.erase(found->second.waiting);
  set_taken(found->second, false);
  open_.erase(found);
  if (open_.empty()) emptied_.notify_all();
}

void Registry::set_waiting(Id id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = open_.at(id);
  if (entry.waiting == waiting_.end() && !entry.taken) entry.waiting = waiting_.insert(waiting_.end(), id);
}

void Registry::set_busy(Id id) {
  const std::lock_guard lock(mutex_);
  Entry& entry = open_.at(id);
  if (entry.waiting != waiting_.end()) waiting_.erase(entry.waiting);
  entry.waiting = waiting_.end();
  set_taken(entry, false);
}

void Registry::set_taken(Entry& entry, bool taken) {
  if (entry.taken == taken) return;
  entry.taken = taken;
  taken_ += taken ? 1u : 0u;
  taken_ -= taken ? 0u : 1u;
}

std::shared_ptr<Connection> Registry::take_longest_waiting() {
  const std::lock_guard lock(mutex_);
  while (!waiting_.empty()) {
    Entry& entry = open_.at(waiting_.front());
    waiting_.pop_front();
    entry.waiting = waiting_.end();
    set_taken(entry, true);
    if (auto connection = entry.connection.lock()) return connection;
  }
  return nullptr;
}

void Registry::shut() {
  const std::lock_guard lock(mutex_);
  shut_ = true;
}

bool Registry::wait_until_empty(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, limit, [this] { return open_.empty(); });
}

std::vector<std::shared_ptr<Connection>> Registry::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> list;
  list.reserve(open_.size());
  for (const auto& [id, entry] : open_)
    if (auto connection = entry.connection.lock()) list.push_back(std::move(connection));
  return list;
}

std::size_t Registry::size() const {
  const std::lock_guard lock(mutex_);
  return open_.size() - taken_;
}

void Registry::count_tls_failure() {
  const std::lock_guard lock(mutex_);
  ++counters_.tls_failures;
}

void Registry::count_answer(int status) {
  const std::lock_guard lock(mutex_);
  ++counters_.answers[status];
}

void Registry::count_eviction() {
  const std::lock_guard lock(mutex_);
  ++counters_.connections_evicted;
}

ListenerCounters Registry::counters() const {
  const std::lock_guard lock(mutex_);
  ListenerCounters counters = counters_;
  counters.connections_open = open_.size();
  return counters;
}

}  // namespace prospero::webhooks::detail
