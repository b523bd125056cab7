#include "engine/group_commit.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace mock::engine {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds gathered_at_most{1};

std::optional<std::string> failure_of(const Keeping::Write& write) {
  try {
    write();
    return std::nullopt;
  } catch (const std::exception& error) {
    return error.what();
  }
}

}  // namespace

GroupCommit::GroupCommit(asio::io_context& io, Keeping& keeping, Listener listener)
    : io_(io), keeping_(keeping), listener_(std::move(listener)), gathering_(io) {}

bool GroupCommit::gathers() {
  const auto changes = keeping_.changes();
  if (changes == changes_ || changes >= enough_ || Clock::now() >= gather_until_) return false;
  if (std::exchange(waiting_, true)) return true;
  gathering_.expires_at(gather_until_);
  gathering_.async_wait([this](boost::system::error_code) {
    waiting_ = false;
    listener_.begin();
  });
  return true;
}

bool GroupCommit::begin() {
  auto write = keeping_.collect();
  if (!write) return false;
  size_ = keeping_.changes() - std::exchange(changes_, keeping_.changes());
  begun_ = Clock::now();
  under_way_ = true;
  asio::post(disk_, [this, write = std::move(write)] {
    failure_ = failure_of(write);
    asio::post(io_, [this] {
      settle();
      listener_.ended(failure_);
    });
  });
  return true;
}

void GroupCommit::settle() {
  under_way_ = false;
  const auto now = Clock::now();
  gather_until_ = now + std::min<Clock::duration>((now - begun_) / 4, gathered_at_most);
  enough_ = keeping_.changes() + size_;
  keeping_.settle(!failure_);
}

void GroupCommit::finish() {
  disk_.join();
  if (under_way_) settle();
  failure_ = failure_of([this] { keeping_.keep(); });
}

}  // namespace mock::engine
