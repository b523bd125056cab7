#include "api/change_feed.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace mock::api {
namespace {

using Steady = std::chrono::steady_clock;

// Larger ones, with the copy that the server makes, are given back to the system and faulted in again each time.
constexpr std::size_t piece_bytes_max = 16 * 1024;
constexpr std::string_view reconnect_hint = "retry: 2000\n\n";
constexpr std::string_view heartbeat_text = ": nothing new\n\n";
constexpr std::string_view missed = R"({"reason":"changes were missed: load what you show anew"})";

std::string event_text(std::string_view id, std::string_view event, std::string_view data) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", id, event, data);
}

std::optional<std::uint64_t> number_of(std::string_view id, std::string_view session) {
  if (!id.starts_with(session) || id.substr(session.size(), 1) != "-") return std::nullopt;
  const auto digits = id.substr(session.size() + 1);
  std::uint64_t number = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

class ChangeFeed::Reader final : public EventSource {
 public:
  Reader(ChangeFeed& feed, std::uint64_t next, std::string opening)
      : feed_(feed), next_(next), opening_(std::move(opening)), told_at_(Steady::now()) {}

  std::string next() override {
    if (!opening_.empty()) return told(std::exchange(opening_, {}));
    std::this_thread::sleep_until(rests_until_);
    std::unique_lock lock{feed_.mutex_};
    feed_.changed_.wait_for(lock, feed_.limits_.turn, [&] { return feed_.next_ != next_; });
    if (next_ < feed_.first_kept()) {
      next_ = feed_.next_;
      return told(feed_.reset_text(next_ - 1));
    }
    std::string piece;
    piece.reserve(piece_bytes_max + piece_bytes_max / 4);
    while (next_ < feed_.next_ && piece.size() < piece_bytes_max) {
      piece += feed_.kept_[static_cast<std::size_t>(next_++ - feed_.first_kept())];
    }
    if (piece.empty()) return heartbeat();
    const bool full = piece.size() >= piece_bytes_max;
    if (!full) rests_until_ = Steady::now() + feed_.limits_.pace;
    return told(std::move(piece));
  }

 private:
  std::string heartbeat() {
    return Steady::now() - told_at_ < feed_.limits_.heartbeat ? std::string{} : told(std::string{heartbeat_text});
  }

  std::string told(std::string text) {
    told_at_ = Steady::now();
    return text;
  }

  ChangeFeed& feed_;
  std::uint64_t next_;
  std::string opening_;
  Steady::time_point told_at_;
  Steady::time_point rests_until_{};
};

ChangeFeed::ChangeFeed(FeedLimits limits) : limits_(limits), session_(fmt::format("{:08x}", std::random_device{}())) {}

std::string ChangeFeed::id_text(std::uint64_t number) const {
  return fmt::format("{}-{}", session_, number);
}

std::string ChangeFeed::reset_text(std::uint64_t number) const {
  return event_text(id_text(number), "reset", missed);
}

bool ChangeFeed::wanted() const {
  const std::lock_guard lock{mutex_};
  return wanted_;
}

void ChangeFeed::publish(std::string_view event, std::string_view data) {
  {
    const std::lock_guard lock{mutex_};
    if (!wanted_) return;
    kept_.push_back(event_text(id_text(next_++), event, data));
    bytes_ += kept_.back().size();
    while (kept_.size() > limits_.changes_max || bytes_ > limits_.bytes_max) {
      bytes_ -= kept_.front().size();
      kept_.pop_front();
    }
  }
  changed_.notify_all();
}

std::unique_ptr<EventSource> ChangeFeed::follow(const std::string& last_event_id) {
  const std::lock_guard lock{mutex_};
  wanted_ = true;
  const std::string opening{reconnect_hint};
  if (last_event_id.empty()) {
    return std::make_unique<Reader>(*this, next_, opening + event_text(id_text(next_ - 1), "ready", "{}"));
  }
  const auto last = number_of(last_event_id, session_);
  if (!last || *last + 1 < first_kept() || *last >= next_) {
    return std::make_unique<Reader>(*this, next_, opening + reset_text(next_ - 1));
  }
  return std::make_unique<Reader>(*this, *last + 1, opening);
}

}  // namespace mock::api
