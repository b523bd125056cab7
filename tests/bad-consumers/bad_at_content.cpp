// Bodies and webhook events that are refused although Prospero may send them.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "catalogue.hpp"

namespace bad_consumers {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

auto containing(std::string text, int status = 500) {
  return refusing(status, [text](const Request& request) { return request.body.find(text) != std::string::npos; });
}

auto lacking(std::string text, int status = 422) {
  return refusing(status, [text](const Request& request) {
    return !push_of(request).event.empty() && request.body.find(text) == std::string::npos;
  });
}

auto larger_than(std::size_t bytes) {
  return refusing(413, [bytes](const Request& request) { return request.body.size() > bytes; });
}

bool is_known(const std::string& event) {
  return event != "event.rescheduled" && event != "rehearsal.created";
}

bool is_no_push(const Request& request) {
  return push_of(request).event.empty();
}

auto all_but(std::string event) {
  return refusing(500, [event](const Request& request) { return push_of(request).event == event; });
}

// Gone for good once it has seen a name that it does not know.
std::function<Reply(const Request&)> dies_of_unknown_names() {
  const auto dead = std::make_shared<std::atomic<bool>>(false);
  return [dead](const Request& request) {
    const bool was_dead = dead->load();
    if (!is_known(push_of(request).event)) *dead = true;
    return Reply{.manner = was_dead || *dead ? Reply::Manner::dropped : Reply::Manner::complete};
  };
}

// Takes an unknown name as it should; `after` that, everything gets `reply`, for as long as `away`.
std::function<std::function<Reply(const Request&)>()> breaks_later(milliseconds after, milliseconds away, Reply reply) {
  return [after, away, reply] {
    const auto broken_from =
        std::make_shared<std::atomic<Clock::rep>>(Clock::time_point::max().time_since_epoch().count());
    return [broken_from, after, away, reply](const Request& request) {
      const auto now = Clock::now();
      const Clock::time_point from{Clock::duration(broken_from->load())};
      if (from <= now && now - from < away) return reply;
      if (!is_known(push_of(request).event)) *broken_from = (now + after).time_since_epoch().count();
      return Reply{};
    };
  };
}

std::vector<BadConsumer> bad_at_names() {
  constexpr auto for_good = std::chrono::minutes(10);
  const Reply nothing{.manner = Reply::Manner::dropped};
  std::vector<BadConsumer> list{
      {"answers 500 to unknown names", "E10-unknown-gets-200",
       refusing(500, [](const Request& r) { return !is_known(push_of(r).event); })},
      {"dies of unknown names", "E10-known-after-unknown E10-unknown-gets-200", with_state(dies_of_unknown_names)},
      {"answers unknown names, and dies of them 60 ms later", "E10-known-after-unknown E10-unknown-gets-200",
       with_state(breaks_later(milliseconds(60), for_good, nothing))},
      {"answers unknown names, and answers 500 to everything from 900 ms later",
       "E10-known-after-unknown E10-unknown-gets-200",
       with_state(breaks_later(milliseconds(900), for_good, Reply{.status = 500}))},
      {"answers unknown names, and is started again after them, which takes 300 ms", "E10-known-after-unknown",
       with_state(breaks_later(milliseconds(200), milliseconds(300), nothing))},
  };
  const auto with_case = [&](const std::string& event, const std::string& id) {
    list.push_back({"knows all but " + event, id + " E10-known-after-unknown", all_but(event)});
  };
  with_case("event.deleted", "D8-delete-before-update E2-event-deleted T6-restore T7-id-only");
  with_case("event.updated", "D8-delete-before-update D8-retry-after-newer D8-update-before-create E3-event-updated");
  with_case("invoice.created", "E4-invoice-created");
  with_case("invoice.deleted", "E5-invoice-deleted");
  with_case("invoice.updated", "E6-invoice-updated");
  with_case("offer.created", "E7-offer-created");
  with_case("offer.deleted", "E8-offer-deleted");
  with_case("offer.updated", "E9-offer-updated");
  list.push_back({"is told of offers only, and refuses event.created",
                  "D1-malformed E1-event-created",
                  all_but("event.created"),
                  false,
                  BadConsumer::secret_path,
                  {"offer.created", "offer.updated", "offer.deleted"}});
  return list;
}

std::vector<BadConsumer> bad_at_bodies() {
  return {
      {"takes 100 kB", "D1-256-kib D1-large-body D1-over-256-kib", larger_than(100'000)},
      {"takes 200 kB", "D1-256-kib D1-over-256-kib", larger_than(200'000)},
      {"takes 300 kB", "D1-over-256-kib", larger_than(300'000)},
      {"wants `event` first", "D1-member-order",
       refusing(500, [](const Request& r) { return r.body.starts_with(R"({"data")"); })},
      {"takes no escapes", "D1-unicode", containing("\\ud83c\\udfad")},
      {"takes no text but ASCII", "D1-not-utf8 D1-unicode",
       refusing(
           500,
           [](const Request& r) { return std::ranges::any_of(r.body, [](unsigned char c) { return c >= 0x80; }); })},
      {"answers 400 to what is no push", "D1-empty-body D1-malformed D1-not-utf8 T4-lone-surrogate",
       refusing(400, is_no_push)},
      {"answers 400 to an empty body", "D1-empty-body", refusing(400, [](const Request& r) { return r.body.empty(); })},
      {"answers 400 to what is not UTF-8", "D1-not-utf8", containing("\xc3\x28", 400)},
      {"takes date-times only", "T2-lone-dates", containing("\"2028-02-29\"")},
      {"needs createdAt", "D1-malformed T3-no-times T7-id-only", lacking("\"createdAt\"")},
      {"needs a title", "D1-malformed T7-id-only", lacking("\"sampleTitle\"")},
      {"has a schema that knows every field", "T4-unknown-fields", containing("fieldOfNextYear", 422)},
      {"takes no null", "T4-nested-fields", containing(":null", 422)},
      {"takes numbers of 64 bits", "T4-long-numbers", containing("123456789012345678901234567890")},
      {"takes no lone surrogate", "T4-lone-surrogate", containing("\"\\ud83c\"")},
  };
}

}  // namespace

std::vector<BadConsumer> bad_at_content() {
  auto list = bad_at_names();
  std::ranges::move(bad_at_bodies(), std::back_inserter(list));
  return list;
}

}  // namespace bad_consumers
