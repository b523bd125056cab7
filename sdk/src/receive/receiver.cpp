#include <algorithm>
#include <future>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <stdexcept>
#include <utility>

#include "answer_deadlines.hpp"
#include "counted_receipts.hpp"
#include "identity.hpp"
#include "inbox_clock.hpp"
#include "push_reader.hpp"
#include "seeded_fault.hpp"

namespace prospero::webhooks {
namespace {

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

bool may_stand_in_path(char c) {
  return c > ' ' && c < '\x7f' && c != '?' && c != '#';
}

Response ok() {
  return {200, std::nullopt, false, "stored\n"};
}
Response not_found() {
  return {404, std::nullopt, false, "not found\n"};
}
Response method_not_allowed() {
  return {405, std::nullopt, true, "only POST is accepted here\n"};
}
Response content_too_large() {
  return {413, std::nullopt, false, "the body is too large\n"};
}
Response unavailable(int retry_after_s) {
  return {503, retry_after_s, false, "cannot be stored now, try again later\n"};
}

InboxTime now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

struct HookDigest {
  Identity digest;
  std::string label;
};

// Numbers, not paths: paths are secrets.
std::vector<HookDigest> digests_of(const std::vector<Hook>& hooks) {
  if (hooks.empty()) throw std::invalid_argument("the receiver has no hook: give it at least one path");
  std::vector<HookDigest> digests;
  for (const Hook& hook : hooks) {
    const std::string which = "hook " + std::to_string(digests.size() + 1);
    if (!hook.path.starts_with('/')) throw std::invalid_argument(which + ": its path must start with `/`");
    if (!std::all_of(hook.path.begin(), hook.path.end(), may_stand_in_path))
      throw std::invalid_argument(which + ": its path may hold visible ASCII only, without `?` and `#`");
    if (std::any_of(hook.label.begin(), hook.label.end(), is_control))
      throw std::invalid_argument(which + ": its label may not hold control characters");
    const Identity digest = identity_of(hook.path);
    const auto same = [&](const HookDigest& other) { return other.digest == digest; };
    if (std::any_of(digests.begin(), digests.end(), same))
      throw std::invalid_argument(which + ": another hook has the same path");
    digests.push_back({digest, hook.label});
  }
  return digests;
}

}  // namespace

struct Receiver::Impl {
  Impl(Inbox& to, ReceiverOptions given)
      : inbox(to), options(std::move(given)), hooks(digests_of(options.hooks)), deadlines(options.store_wait_max) {}

  const HookDigest* hook_for(std::string_view target) const;
  std::optional<Response> refusal(const HookDigest* hook, std::string_view method, std::uint64_t body_bytes);
  Response too_large(const HookDigest* hook);
  Response unstored(const HookDigest* hook, const std::string& reason);
  void store(Arrival arrival, bool from_future, const std::shared_ptr<WaitingAnswer>& answer);

  Inbox& inbox;
  const ReceiverOptions options;
  const std::vector<HookDigest> hooks;
  const std::shared_ptr<CountedReceipts> counted = std::make_shared<CountedReceipts>();
  AnswerDeadlines deadlines;
};

// Digests of equal length, all of them compared: the time tells nothing about how much of a path was guessed.
const HookDigest* Receiver::Impl::hook_for(std::string_view target) const {
  const Identity digest = identity_of(path_of(target));
  const HookDigest* found = nullptr;
  for (const HookDigest& hook : hooks)
    if (equal_in_constant_time(hook.digest, digest) || PROSPERO_FAULT(C6_any_path_is_a_hook)) found = &hook;
  return found;
}

void Receiver::Impl::store(Arrival arrival, bool from_future, const std::shared_ptr<WaitingAnswer>& answer) {
  deadlines.watch(answer);
  if (PROSPERO_FAULT(C1_answered_before_it_is_stored)) answer->stored();
  std::function<void(std::uint64_t)> tell_future;
  if (from_future && options.on_from_future)
    tell_future = [report = options.on_from_future, family = arrival.family.value_or("")](std::uint64_t seq) {
      report(seq, family);
    };
  // The callback may come after the receiver is gone, so it holds nothing of it. Made before the arrival is given away.
  Inbox::Stored stored = [answer, counted = counted, reason = arrival.quarantine_reason, source = arrival.source,
                          received_at = arrival.received_at, report = options.on_kept_aside,
                          tell_future = std::move(tell_future)](const StoreResult& result) {
    if (!result.durable()) return answer->unstored(result.error);
    if (reason.empty())
      counted->durable(result.status == StoreStatus::absorbed, source, received_at);
    else
      counted->kept_aside(result.status == StoreStatus::absorbed);
    if (!reason.empty() && report) report(reason);
    if (tell_future) tell_future(result.seq);
    answer->stored();
  };
  inbox.store(std::move(arrival), std::move(stored));
}

// Every retry is answered alike, so that the push is lost unless the limit is raised meanwhile: evidence for a gap.
Response Receiver::Impl::too_large(const HookDigest* hook) {
  counted->too_large();
  if (hook != nullptr) inbox.unstored(hook->label, now());
  if (options.on_too_large) options.on_too_large();
  return content_too_large();
}

Response Receiver::Impl::unstored(const HookDigest* hook, const std::string& reason) {
  counted->unstored();
  if (hook != nullptr) inbox.unstored(hook->label, now());
  if (options.on_unstored) options.on_unstored(reason);
  return unavailable(options.retry_after_s);
}

Receiver::Receiver(Inbox& inbox, ReceiverOptions options) : impl_(std::make_unique<Impl>(inbox, std::move(options))) {}

Receiver::~Receiver() = default;

std::optional<Response> Receiver::Impl::refusal(const HookDigest* hook, std::string_view method,
                                                std::uint64_t body_bytes) {
  if (hook == nullptr) return not_found();
  if (method != "POST") return method_not_allowed();
  if (body_bytes > options.body_bytes_max) return too_large(hook);
  return std::nullopt;
}

std::optional<Response> Receiver::answer_to_head(std::string_view method, std::string_view target,
                                                 std::optional<std::uint64_t> content_length) const {
  return impl_->refusal(impl_->hook_for(target), method, content_length.value_or(0));
}

void Receiver::receive(Request request, Done done) {
  const HookDigest* const hook = impl_->hook_for(request.target);
  if (auto refusal = impl_->refusal(hook, request.method, request.body.size())) return done(*std::move(refusal));

  const auto answer = std::make_shared<WaitingAnswer>(
      [done = std::move(done), counted = impl_->counted, report = impl_->options.on_unstored,
       retry_after_s = impl_->options.retry_after_s, source = hook->label,
       &inbox = impl_->inbox](const std::optional<std::string>& unstored) {
        if (unstored) counted->unstored();
        if (unstored) inbox.unstored(source, now());
        if (unstored && report) report(*unstored);
        const bool ask_again = unstored && !PROSPERO_FAULT(C3_what_was_not_stored_is_answered_200);
        done(ask_again ? unavailable(retry_after_s) : ok());
      });
  try {
    Arrival arrival;
    arrival.source = hook->label;
    arrival.received_at = now();
    arrival.body = std::move(request.body);
    arrival.identity = identity_of(arrival.body);
    const auto time =
        describe(arrival, request.content_encoding, {impl_->options.parse_bytes_max, impl_->options.parse_depth_max});
    if (arrival.family && !time) impl_->counted->without_time();
    const bool from_future = time && is_in_future(*time, arrival.received_at);
    if (from_future) impl_->counted->from_future();
    if (!arrival.quarantine_reason.empty() && PROSPERO_FAULT(C2_a_malformed_body_is_refused))
      return answer->unstored(arrival.quarantine_reason);
    if (!arrival.family && PROSPERO_FAULT(C2_an_unknown_event_is_kept_aside)) arrival.quarantine_reason = "unknown";
    impl_->store(std::move(arrival), from_future, answer);
  } catch (const std::exception& error) {
    answer->unstored(error.what());
  }
}

Response Receiver::receive(Request request) {
  const auto answered = std::make_shared<std::promise<Response>>();
  std::future<Response> response = answered->get_future();
  receive(std::move(request), [answered](Response given) { answered->set_value(std::move(given)); });
  return response.get();
}

Response Receiver::too_large(std::string_view target) const {
  return impl_->too_large(impl_->hook_for(target));
}

Response Receiver::unstored(std::string_view target, const std::string& reason) const {
  return impl_->unstored(impl_->hook_for(target), reason);
}

ReceiverCounters Receiver::counters() const {
  return impl_->counted->now();
}

const ReceiverOptions& Receiver::options() const noexcept {
  return impl_->options;
}

}  // namespace prospero::webhooks
