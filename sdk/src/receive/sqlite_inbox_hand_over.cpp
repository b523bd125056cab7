// Rows to their handlers, and what became of them.
#include <utility>

#include "identity.hpp"
#include "inbox_clock.hpp"
#include "sqlite_inbox.hpp"

namespace prospero::webhooks {
namespace {

constexpr std::chrono::seconds unread_pause{5};
constexpr std::chrono::hours unread_most{24};
constexpr const char* unreadable_row =
    "what is stored of it cannot be read: restore the inbox from a copy, or once the disk is well again `inbox retry "
    "--all dead`";

}  // namespace

// A row that cannot be read must not keep the others from their handlers, and is told of when there are none of them.
std::optional<PendingArrival> SqliteInbox::take(InboxTime now) {
  std::optional<InboxError> unread;
  for (;;) {
    Taken one = reading_own([&] { return take_or_pass_over(now); });
    if (one.arrival && !is_as_it_came(*one.arrival)) one = give_back_changed(*one.arrival, now);
    if (one.unreadable > 0)
      report("inbox " + name_ + " is damaged: row " + std::to_string(one.unreadable) + " is dead, " + unreadable_row);
    else if (one.unread)
      unread = unread ? unread : one.unread;
    else if (one.arrival || !unread)
      return std::move(one.arrival);
    else
      throw *unread;
  }
}

// With write_mutex_ held.
SqliteInbox::Taken SqliteInbox::take_or_pass_over(InboxTime now) {
  // The wall clock may have been set back meanwhile.
  std::erase_if(out_.unread_until, [&](const auto& row) {
    const bool again = row.second <= now || row.second > now + unread_pause;
    if (again) memory_->fresh.back_to(row.first);
    return again;
  });
  try {
    auto taken = writes_->take(now, out_);
    if (taken) {
      out_.claimed.insert(taken->row.seq);
      out_.unread_since.erase(taken->row.seq);
    }
    return {std::move(taken), 0, {}};
  } catch (const DamagedRow& row) {
    out_.unread_until[row.seq] = now + unread_pause;
    return give_up(row.seq);
  } catch (const UnreadRow& row) {
    return pass_over(row, now);
  }
}

// With write_mutex_ held. A part of the disk that is never well again must not hold up its entity for ever.
SqliteInbox::Taken SqliteInbox::pass_over(const UnreadRow& row, InboxTime now) {
  out_.unread_until[row.seq] = now + unread_pause;
  add_entry(row.seq);
  const InboxTime since = std::min(out_.unread_since.try_emplace(row.seq, now).first->second, now);
  if (now - since >= unread_most) return give_up(row.seq);
  return {std::nullopt, 0, explain(name_, row)};
}

// With write_mutex_ held. Without one each look for it would pass all rows behind it again. Where its own page is
// damaged it gets none, and that look fails soon.
void SqliteInbox::add_entry(std::uint64_t seq) {
  if (memory_->fresh.has_entry(seq)) return;
  try {
    InboxTransaction transaction{*write_connection_, *memory_};
    memory_->fresh.add_entry(seq);
    transaction.commit();
    memory_->fresh.keep_entry(seq);
  } catch (const SqliteError&) {
    return;  // its caller tells of the cause
  }
}

// Where that cannot be told the arrival is given back.
bool SqliteInbox::is_as_it_came(const PendingArrival& arrival) {
  try {
    return identity_of(arrival.body) == arrival.row.identity;
  } catch (...) {
    const std::lock_guard hold{write_mutex_};
    out_.claimed.erase(arrival.row.seq);
    memory_->fresh.back_to(arrival.row.seq);
    throw;
  }
}

// What the file gives are other bytes than those that came.
SqliteInbox::Taken SqliteInbox::give_back_changed(const PendingArrival& arrival, InboxTime now) {
  return reading_own([&] {
    out_.unread_until[arrival.row.seq] = now + unread_pause;  // first: there may be no memory for it
    out_.claimed.erase(arrival.row.seq);
    return give_up(arrival.row.seq);
  });
}

// With write_mutex_ held.
SqliteInbox::Taken SqliteInbox::give_up(std::uint64_t seq) {
  const HandOver dead = writes_->given_up(seq, unreadable_row);
  InboxTransaction transaction{*write_connection_, *memory_};
  writes_->finish(seq, dead, wall_clock());
  transaction.commit();
  out_.unread_since.erase(seq);
  out_.unread_until.erase(seq);
  return {std::nullopt, seq, {}};
}

std::optional<InboxTime> SqliteInbox::next_retry_at() {
  return reading_own([&] { return writes_->next_retry_at(out_); });
}

StoreResult SqliteInbox::finish(std::uint64_t seq, const HandOver& result) {
  return submit_and_wait(Settle{seq, result});
}

void SqliteInbox::release(std::uint64_t seq) {
  {
    const std::lock_guard hold{write_mutex_};
    out_.released.insert(out_.claimed.extract(seq));  // needs no memory
    memory_->fresh.back_to(seq);
  }
  wake();
}

void SqliteInbox::on_ready(std::function<void()> wake) {
  const std::lock_guard hold{wake_mutex_};
  wake_ = std::move(wake);
}

void SqliteInbox::wake() {
  const std::lock_guard hold{wake_mutex_};
  if (wake_) wake_();
}

}  // namespace prospero::webhooks
