// Right answers, and then too little, too much or the wrong thing done: seen only by what the consumer itself tells.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "catalogue.hpp"

namespace bad_consumers {
namespace {

using mock::conformance::identity_of;
using mock::conformance::WitnessLine;
using Freshness = WitnessLine::Freshness;
using Result = WitnessLine::Result;
using std::chrono::milliseconds;

struct Diary {
  std::mutex mutex;
  std::map<std::string, WitnessLine> lines;  ///< by identity
  std::map<std::string, std::string> times;  ///< of the newest push handled, by id of the entity
};

Freshness freshness_of(Diary& diary, const Push& push) {
  auto& newest = diary.times[push.id];
  if (push.time < newest) return Freshness::stale;
  newest = push.time;
  return Freshness::fresh;
}

// What a right one does; a copy changes nothing.
void handle(Diary& diary, const Push& push, const std::string& identity) {
  if (diary.lines.contains(identity)) return;
  const bool readable = !push.id.empty();
  diary.lines[identity] = readable ? WitnessLine{Result::processed, freshness_of(diary, push), 1}
                                   : WitnessLine{Result::quarantined, Freshness::untold, 0};
}

using Handle = std::function<void(Diary&, const Push&, const Request&)>;

std::function<ServerOptions(const test_support::CertificateAuthority&)> keeping(Handle handle_push,
                                                                                milliseconds delay = {}) {
  return [handle_push, delay](const test_support::CertificateAuthority& authority) {
    const auto diary = std::make_shared<Diary>();
    auto options = with([handle_push, delay, diary](const Request& request) {
      const std::scoped_lock lock(diary->mutex);
      handle_push(*diary, push_of(request), request);
      return Reply{.delay = delay};
    })(authority);
    options.witness = [diary] {
      const std::scoped_lock lock(diary->mutex);
      return mock::conformance::WitnessReading{diary->lines, {}};
    };
    return options;
  };
}

void forget_offers(Diary& diary, const Push& push, const Request& request) {
  if (!push.event.starts_with("offer.")) handle(diary, push, identity_of(request.body));
}

void forget_under_load(Diary& diary, const Push& push, const Request& request) {
  if (request.under_way <= 15) handle(diary, push, identity_of(request.body));
}

void act_on_copies(Diary& diary, const Push& push, const Request& request) {
  const auto identity = identity_of(request.body);
  const auto known = diary.lines.find(identity);
  if (known != diary.lines.end()) ++known->second.times;
  handle(diary, push, identity);
}

void act_on_overlapping_copies(Diary& diary, const Push& push, const Request& request) {
  request.under_way > 1 ? act_on_copies(diary, push, request) : handle(diary, push, identity_of(request.body));
}

void believe_whatever_comes_last(Diary& diary, const Push& push, const Request& request) {
  diary.times.clear();
  handle(diary, push, identity_of(request.body));
}

// Its handler never hears of anything: a stale push may be spared.
void call_every_push_stale(Diary& diary, const Push& push, const Request& request) {
  const auto identity = identity_of(request.body);
  handle(diary, push, identity);
  if (!push.id.empty()) diary.lines[identity].freshness = Freshness::stale;
}

void call_every_push_ambiguous(Diary& diary, const Push& push, const Request& request) {
  const auto identity = identity_of(request.body);
  handle(diary, push, identity);
  if (!push.id.empty()) diary.lines[identity].freshness = Freshness::ambiguous;
}

// It says that it does not know which is newer, and looks no further.
void leave_overtaken_pushes_open(Diary& diary, const Push& push, const Request& request) {
  const auto identity = identity_of(request.body);
  handle(diary, push, identity);
  auto& line = diary.lines[identity];
  if (line.freshness == Freshness::stale) line = {Result::processed, Freshness::ambiguous, 0};
}

void throw_malformed_away(Diary& diary, const Push& push, const Request& request) {
  if (!push.id.empty()) handle(diary, push, identity_of(request.body));
}

void give_up_on_unknown_names(Diary& diary, const Push& push, const Request& request) {
  const auto identity = identity_of(request.body);
  handle(diary, push, identity);
  if (push.event.starts_with("rehearsal.")) diary.lines[identity] = {Result::dead, Freshness::untold, 0};
}

void claim_what_it_did_not_do(Diary& diary, const Push&, const Request& request) {
  diary.lines[identity_of(request.body)] = {Result::processed, Freshness::fresh, 0};
}

}  // namespace

ServerOptions telling(const test_support::CertificateAuthority& authority) {
  return keeping([](Diary& diary, const Push& push, const Request& request) {
    handle(diary, push, identity_of(request.body));
  })(authority);
}

std::vector<BadConsumer> bad_at_keeping() {
  return {
      {"forgets pushes of offers", "R3-answered-is-processed", keeping(forget_offers)},
      {"says of every push that it was processed, no times", "R3-answered-is-processed",
       keeping(claim_what_it_did_not_do)},
      {"forgets pushes under load", "D9-bulk-is-processed", keeping(forget_under_load, milliseconds(60))},
      {"acts on each copy", "R5-copies-at-once-act-once R5-copy-acts-once", keeping(act_on_copies)},
      {"acts on copies that overlap", "R5-copies-at-once-act-once",
       keeping(act_on_overlapping_copies, milliseconds(60))},
      {"lets stale updates win", "H3-late-creation H4-update-after-deletion H8-older-update",
       keeping(believe_whatever_comes_last)},
      {"calls every push stale", "H3-late-creation H4-update-after-deletion H8-older-update",
       keeping(call_every_push_stale)},
      {"calls every push ambiguous", "H3-late-creation H4-update-after-deletion H8-older-update",
       keeping(call_every_push_ambiguous)},
      {"leaves it open which of two pushes is newer", "H3-late-creation H4-update-after-deletion H8-older-update",
       keeping(leave_overtaken_pushes_open)},
      {"throws malformed bodies away", "D1-malformed-is-listed", keeping(throw_malformed_away)},
      {"gives up on unknown webhook events", "E10-unknown-is-processed", keeping(give_up_on_unknown_names)},
  };
}

}  // namespace bad_consumers
