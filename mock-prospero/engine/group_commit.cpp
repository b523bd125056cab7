#include "engine/group_commit.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

namespace mock::engine {
namespace {

namespace asio = boost::asio;

constexpr int gathered_per_write = 3;
constexpr std::chrono::milliseconds gathered_at_most{5};

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
  under_way_ = true;
  asio::post(disk_, [this, write = std::move(write)] {
    const auto begun = Clock::now();
    failure_ = failure_of(write);
    took_ = Clock::now() - begun;
    asio::post(io_, [this] {
      settle();
      listener_.ended(failure_);
    });
  });
  return true;
}

void GroupCommit::settle() {
  under_way_ = false;
  gather_until_ = Clock::now() + std::min<Clock::duration>(gathered_per_write * took_, gathered_at_most);
  enough_ = keeping_.changes() + size_;
  keeping_.settle(!failure_);
}

void GroupCommit::finish() {
  disk_.join();
  if (under_way_) settle();
  failure_ = failure_of([this] { keeping_.keep(); });
}

}  // namespace mock::engine
