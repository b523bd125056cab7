// Copies and orders that are refused although any network brings them.
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "catalogue.hpp"

namespace bad_consumers {
namespace {

using std::chrono::milliseconds;

struct Memory {
  std::mutex mutex;
  std::set<std::string> bodies, created, deleted;
  std::map<std::string, std::string> times;  ///< by id
};

// Asks `wrong` about each push, under a lock, with a memory of its own.
auto remembering(int status, std::function<bool(Memory&, const Push&, const Request&)> wrong) {
  return with_state([status, wrong] {
    const auto memory = std::make_shared<Memory>();
    return [status, wrong, memory](const Request& request) {
      const std::scoped_lock lock(memory->mutex);
      const auto push = push_of(request);
      return Reply{.status = !push.id.empty() && wrong(*memory, push, request) ? status : 200};
    };
  });
}

bool is_copy(Memory& memory, const Push&, const Request& request) {
  return !memory.bodies.insert(request.body).second;
}

bool is_created_again(Memory& memory, const Push& push, const Request&) {
  if (push.event.ends_with(".deleted")) memory.created.erase(push.id);
  if (push.event.ends_with(".updated")) memory.created.insert(push.id);
  return push.event.ends_with(".created") && !memory.created.insert(push.id).second;
}

bool is_update_of_a_deleted_one(Memory& memory, const Push& push, const Request&) {
  if (push.event.ends_with(".deleted")) memory.deleted.insert(push.id);
  return push.event.ends_with(".updated") && memory.deleted.contains(push.id);
}

bool is_a_restored_one(Memory& memory, const Push& push, const Request&) {
  if (push.event.ends_with(".deleted")) memory.deleted.insert(push.id);
  return push.event.ends_with(".created") && memory.deleted.contains(push.id);
}

bool is_stale(Memory& memory, const Push& push, const Request&) {
  auto& known = memory.times[push.id];
  const bool stale = push.time < known;
  known = std::max(known, push.time);
  return stale;
}

// Two transactions that insert the same key: one of them fails.
std::function<Reply(const Request&)> fails_on_overlapping_copies() {
  const auto memory = std::make_shared<Memory>();
  const auto seen_at = std::make_shared<std::map<std::string, std::chrono::steady_clock::time_point>>();
  return [memory, seen_at](const Request& request) {
    const std::scoped_lock lock(memory->mutex);
    const bool together = request.under_way > 2;
    const auto [at, fresh] = seen_at->emplace(request.body, std::chrono::steady_clock::now());
    return Reply{.status = together && !fresh ? 500 : 200, .delay = milliseconds(fresh ? 40 : 400)};
  };
}

}  // namespace

std::vector<BadConsumer> bad_at_order() {
  return {
      {"answers 409 to copies", "D5-left-before-answer D8-retry-after-newer R5-copies-at-once R5-copy",
       remembering(409, is_copy)},
      {"fails on copies that overlap", "R5-copies-at-once", with_state(fails_on_overlapping_copies)},
      {"answers 409 to a creation of what is there",
       "D5-left-before-answer D8-update-before-create R5-copies-at-once R5-copy", remembering(409, is_created_again)},
      {"answers 404 to an update of what is gone", "D8-delete-before-update",
       remembering(404, is_update_of_a_deleted_one)},
      {"takes no id that was deleted", "T6-restore", remembering(410, is_a_restored_one)},
      {"answers 409 to stale updates", "D8-delete-before-update D8-retry-after-newer D8-update-before-create",
       remembering(409, is_stale)},
  };
}

}  // namespace bad_consumers
