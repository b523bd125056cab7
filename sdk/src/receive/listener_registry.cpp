#include "listener_registry.hpp"

namespace prospero::webhooks::detail {

namespace {

constexpr std::chrono::seconds young_max{1};

}  // namespace

Registry::Id Registry::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  if (shut_) return 0;
  const Id id = ++last_id_;
  open_.emplace(id, Entry{connection, &silent_, silent_.insert(silent_.end(), Since{id, Clock::now()})});
  ++counters_.connections_accepted;
  return id;
}

void Registry::remove(Id id) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  found->second.line->erase(found->second.place);
  set_taken(found->second, false);
  open_.erase(found);
  if (open_.empty()) emptied_.notify_all();
}

void Registry::set_silent(Id id) {
  const std::lock_guard lock(mutex_);
  move_to(id, silent_);
}

void Registry::set_reading(Id id) {
  const std::lock_guard lock(mutex_);
  move_to(id, reading_);
}

void Registry::set_busy(Id id) {
  const std::lock_guard lock(mutex_);
  move_to(id, busy_);
}

/// One that was taken stays so until its push is there: it is about to be closed.
void Registry::move_to(Id id, Line& line) {
  Entry& entry = open_.at(id);
  if (&line == &busy_) set_taken(entry, false);
  if (!entry.taken) put_last(entry, line);
}

void Registry::put_last(Entry& entry, Line& line) {
  line.splice(line.end(), *entry.line, entry.place);
  entry.line = &line;
  entry.place->when = Clock::now();
}

void Registry::set_taken(Entry& entry, bool taken) {
  if (entry.taken == taken) return;
  entry.taken = taken;
  taken_ += taken ? 1u : 0u;
  taken_ -= taken ? 0u : 1u;
}

Registry::Line* Registry::line_to_take_from() {
  const auto old = Clock::now() - young_max;
  if (!silent_.empty() && silent_.front().when < old) return &silent_;
  if (silent_.empty() || reading_.empty()) return silent_.empty() ? (reading_.empty() ? nullptr : &reading_) : &silent_;
  return silent_.front().when < reading_.front().when ? &silent_ : &reading_;
}

std::shared_ptr<Connection> Registry::take_for_room() {
  const std::lock_guard lock(mutex_);
  while (Line* const line = line_to_take_from()) {
    Entry& entry = open_.at(line->front().id);
    put_last(entry, busy_);
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

void Registry::count_stored_answer(std::chrono::duration<double> took) {
  const std::lock_guard lock(mutex_);
  counters_.answer_seconds.observe(took.count());
}

void Registry::count_refused() {
  const std::lock_guard lock(mutex_);
  ++counters_.connections_refused;
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
