// An inbox that passes every call on to another: tests override what they want to go wrong.
#pragma once

#include <prospero/webhooks/receive/inbox.hpp>
#include <utility>

namespace receive_test {

class PassingInbox : public prospero::webhooks::Inbox {
 public:
  explicit PassingInbox(Inbox& to) : to_(to) {}

  void store(prospero::webhooks::Arrival arrival, Stored done) override {
    to_.store(std::move(arrival), std::move(done));
  }
  std::optional<prospero::webhooks::PendingArrival> take(prospero::webhooks::InboxTime now) override {
    return to_.take(now);
  }
  std::optional<prospero::webhooks::InboxTime> next_retry_at() override { return to_.next_retry_at(); }
  prospero::webhooks::StoreResult finish(std::uint64_t seq, const prospero::webhooks::HandOver& result) override {
    return to_.finish(seq, result);
  }
  void release(std::uint64_t seq) override { to_.release(seq); }
  void on_ready(std::function<void()> wake) override { to_.on_ready(std::move(wake)); }
  prospero::webhooks::InboxPage list(std::optional<std::uint64_t> cursor, std::size_t limit) override {
    return to_.list(cursor, limit);
  }
  void witness(const std::function<void(const prospero::webhooks::WitnessLine&)>& line) override { to_.witness(line); }
  prospero::webhooks::InboxCounts counts() override { return to_.counts(); }
  std::optional<prospero::webhooks::InboxRow> find(std::uint64_t seq) override { return to_.find(seq); }
  std::optional<prospero::webhooks::StoredBody> body(const prospero::webhooks::Identity& identity) override {
    return to_.body(identity);
  }
  std::vector<prospero::webhooks::Gap> gaps(prospero::webhooks::InboxTime now) override { return to_.gaps(now); }
  void unstored(std::string_view source, prospero::webhooks::InboxTime at) override { to_.unstored(source, at); }
  std::optional<prospero::webhooks::Gap> next_gap() override { return to_.next_gap(); }
  prospero::webhooks::StoreResult gap_told(std::uint64_t id) override { return to_.gap_told(id); }
  prospero::webhooks::Changed retry(const prospero::webhooks::RowSelection& rows) override { return to_.retry(rows); }
  prospero::webhooks::Changed replay(const prospero::webhooks::RowSelection& rows) override { return to_.replay(rows); }
  void stop_changes() override { to_.stop_changes(); }
  prospero::webhooks::Changed purge(prospero::webhooks::InboxTime before,
                                    std::optional<prospero::webhooks::InboxState> state) override {
    return to_.purge(before, state);
  }
  prospero::webhooks::Erased erase(std::string_view family, std::string_view entity_id) override {
    return to_.erase(family, entity_id);
  }
  prospero::webhooks::StoreResult probe(std::chrono::milliseconds wait_max) override { return to_.probe(wait_max); }

 private:
  Inbox& to_;
};

}  // namespace receive_test
