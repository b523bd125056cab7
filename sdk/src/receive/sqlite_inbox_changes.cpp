// What an operator asks of the inbox: tasks within the writer's transactions, in small steps.
#include <algorithm>
#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "inbox_clock.hpp"
#include "sqlite_inbox.hpp"

namespace prospero::webhooks {
namespace {

constexpr int empty_log_tries = 40;
constexpr std::chrono::milliseconds empty_log_pause{50};

}  // namespace

void SqliteInbox::refuse_if_stopped() const {
  if (changes_stopped_)
    throw InboxError("inbox " + name_ + " is closing: what was changed so far stays, ask again after the next start");
}

std::uint64_t SqliteInbox::change(const std::function<std::uint64_t()>& task) {
  refuse_if_stopped();
  std::uint64_t changed = 0;
  std::optional<InboxError> refusal;
  // A refusal must not undo what shares the transaction; it comes before anything was changed, or undoes that itself.
  const StoreResult written = submit_and_wait(Task{[&] {
    refusal.reset();
    try {
      changed = task();
    } catch (const InboxError& error) {
      refusal = error;
    }
  }});
  if (!written.durable()) throw InboxError("inbox " + name_ + " was not changed: " + written.error);
  if (refusal) throw *refusal;
  wake();
  return changed;
}

// On the writer's thread, so that pushes have their turn between two steps.
void SqliteInbox::between_commits(const std::function<void()>& step) {
  refuse_if_stopped();
  const auto done = std::make_shared<std::promise<void>>();
  std::future<void> ended = done->get_future();
  {
    const std::lock_guard hold{queue_mutex_};
    steps_.push_back([this, done, &step] {
      try {
        reading_own(step);
        done->set_value();
      } catch (...) {
        done->set_exception(std::current_exception());
      }
    });
  }
  queue_filled_.notify_one();
  ended.get();
}

// Looked for before the transaction, in which nothing could be written after that.
std::set<std::uint64_t> SqliteInbox::changed_or_unreadable(const std::vector<std::uint64_t>& seqs) {
  std::set<std::uint64_t> found;
  for (const std::uint64_t seq : seqs)
    between_commits([&] {
      if (!upkeep_->is_readable(seq, InboxUpkeep::Payload::as_it_came)) found.insert(seq);
    });
  return found;
}

// All of them or none; each once, however often it is named.
std::uint64_t SqliteInbox::change_named(const std::vector<std::uint64_t>& seqs,
                                        const std::function<std::uint64_t(std::uint64_t)>& one) {
  const std::set<std::uint64_t> each(seqs.begin(), seqs.end());
  if (const auto unreadable = changed_or_unreadable(seqs); !unreadable.empty())
    throw InboxError("the payload of inbox row " + std::to_string(*unreadable.begin()) +
                     " is damaged, or the disk does not give it: restore the inbox from a copy, or leave that row out");
  return change([&] {
    InboxSavepoint all{*write_connection_, *memory_};
    std::uint64_t changed = 0;
    for (const std::uint64_t seq : each) changed += one(seq);
    all.keep();
    return changed;
  });
}

Changed SqliteInbox::change_rows(const RowSelection& rows, const std::function<std::uint64_t(std::uint64_t)>& one) {
  const std::lock_guard alone{change_mutex_};
  if (rows.kind == RowSelection::Kind::named) return {change_named(rows.seqs, one), 0};
  // Rows that come in meanwhile, replayed ones among them, are not meant.
  const std::uint64_t last = reading_own([&] { return upkeep_->last_seq(); });
  Changed changed;
  for (std::uint64_t after = 0;;) {
    const auto step = reading_own([&] { return upkeep_->rows_of(rows.kind, after, last); });
    if (step.empty()) return changed;
    after = step.back();
    const auto unreadable = changed_or_unreadable(step);
    changed.unreadable += unreadable.size();
    changed.rows += change([&] {
      std::uint64_t done = 0;
      for (const std::uint64_t seq : step) {
        if (unreadable.contains(seq)) continue;
        try {
          done += one(seq);
        } catch (const InboxError&) {
          continue;  // one without its payload: the others are not to blame, and the count tells
        }
      }
      return done;
    });
  }
}

Changed SqliteInbox::retry(const RowSelection& rows) {
  return change_rows(rows, [this](std::uint64_t seq) {
    upkeep_->retry(seq);
    return std::uint64_t{1};
  });
}

Changed SqliteInbox::replay(const RowSelection& rows) {
  const Changed changed = change_rows(rows, [&](std::uint64_t seq) {
    if (upkeep_->replay(seq)) return std::uint64_t{1};
    if (rows.kind == RowSelection::Kind::named)
      throw InboxError("inbox row " + std::to_string(seq) + " is still no push that this version understands");
    return std::uint64_t{0};
  });
  between_commits([&] {
    count_aside();
    measure();
  });
  return changed;
}

// In transactions of its own: what is damaged beside the rows is met by nobody else.
Changed SqliteInbox::purge(InboxTime before, std::optional<InboxState> state) {
  if (state == InboxState::pending) throw InboxError("rows that wait for their handler cannot be purged");
  const std::lock_guard alone{change_mutex_};
  InboxUpkeep::Purge purge{before, wall_clock(), state};
  Changed changed;
  while (!purge.ended())
    between_commits([&] {
      InboxUpkeep::Old old = upkeep_->old_rows(purge);
      changed.rows += remove_old(old);
      changed.unreadable += old.unreadable.size();
      measure();
    });
  return changed;
}

Erased SqliteInbox::erase(std::string_view family, std::string_view entity_id) {
  const std::lock_guard alone{change_mutex_};
  InboxUpkeep::Search search;
  for (const char c : entity_id) search.id += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  search.entity = std::string{family} + "/" + search.id;
  while (reading_own([&] { return upkeep_->search(search); })) continue;
  set_unreadable_apart(search);
  Erased erased;
  const InboxUpkeep::Search before = search;
  erased.bodies = change([&] {
    search = before;                           // it may be done again
    while (upkeep_->search(search)) continue;  // what came in meanwhile
    return upkeep_->erase(search, out_);
  });
  empty_log();
  if (!search.unreadable.empty())
    throw InboxError("what can be read of " + search.entity + " is erased, but the payload of inbox row " +
                     std::to_string(search.unreadable.front().seq) +
                     " is damaged, or not given by the disk, and cannot be removed: restore the inbox from a copy, and "
                     "erase there");
  erased.unsearched = search.unsearched;
  return erased;
}

// SQLite cannot remove their payloads.
void SqliteInbox::set_unreadable_apart(InboxUpkeep::Search& search) {
  std::vector<InboxUpkeep::Holder> found;
  found.swap(search.found);
  for (const InboxUpkeep::Holder& row : found)
    between_commits([&] {
      const bool readable = upkeep_->is_readable(row.seq, InboxUpkeep::Payload::any);
      (readable ? search.found : search.unreadable).push_back(row);
    });
}

// The log has the erased bytes until it is emptied into the file. Not for as long as a reader takes with the writer's
// connection held.
void SqliteInbox::empty_log() {
  if (!file_) return;
  for (int n = 0; n < empty_log_tries; ++n) {
    if (reading_own([&] { return empty_log_now(); })) return;
    std::this_thread::sleep_for(empty_log_pause);
  }
  throw InboxError("the payloads are erased, but the log of inbox " + name_ +
                   " holds them until nobody reads it: end what has it open (inbox list, sqlite3) and erase again");
}

// With write_mutex_ held. Emptied, it would be gone if what was copied from it is lost.
bool SqliteInbox::empty_log_now() {
  if (log_copier_->is_copying()) return false;
  if (copies_may_be_lost())
    throw InboxError("the payloads are erased, but the log holds them: " + lost_copies_advice());
  return write_connection_->empty_log();
}

}  // namespace prospero::webhooks
