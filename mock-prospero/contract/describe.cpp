#include "contract/describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "seeded_fault.hpp"

namespace mock::contract {

std::string describe(std::chrono::milliseconds duration) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 4> units{
      {{"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}}};
  std::string text;
  auto rest = duration.count();
  for (const auto& [name, size] : units) {
    if (const auto n = rest / size; n != 0) text += fmt::format("{}{} {}", text.empty() ? "" : " ", n, name);
    rest %= size;
  }
  return text.empty() ? "0 s" : text;
}

std::string describe_body(const Values&) {
  return fmt::format(R"({{"{}": <webhook event name>, "{}": <entity>}})", body_keys.event, body_keys.data);
}

std::string describe_headers(const Values& values) {
  return fmt::format("Content-Type: {}, User-Agent: {}", values.content_type, values.user_agent);
}

std::string describe_success(const Values&) {
  return fmt::format("{}", success_status);
}

std::string describe_deadline(const Values&) {
  return fmt::format("less than {}", describe(answer_within));
}

std::string describe_url_policy(const Values& values) {
  std::string text = values.allow_http ? "http and https" : "https only";
  text += values.allow_local ? "; public and loopback addresses" : "; public addresses";
  if (!values.allow_nets.empty()) text += fmt::format("; also {}", fmt::join(values.allow_nets, ", "));
  return text;
}

std::string describe_roots(const Values& values) {
  if (values.ca_files.empty()) return "the system's roots";
  return fmt::format("only the roots in {}", fmt::join(values.ca_files, ", "));
}

std::string describe_retries(const Values& values) {
  std::vector<std::string> delays;
  for (const auto delay : values.retries) delays.push_back(describe(delay));
  if (delays.empty()) return "no retry";
  const bool from_first = values.delays_from == DelaysFrom::first_failure;
  return fmt::format("{} after the {} failure", fmt::join(delays, ", "), from_first ? "first" : "previous");
}

std::string describe_delays(const Values& values) {
  if (values.retries.empty()) return "no retry";
  switch (values.delays_from) {
    case DelaysFrom::previous_failure: {
      const auto total = std::accumulate(values.retries.begin(), values.retries.end(), std::chrono::seconds{0});
      return fmt::format("from the previous failure: {} to the last retry, plus the attempts' time", describe(total));
    }
    case DelaysFrom::first_failure:
      return fmt::format("from the first failure: {} to the last retry", describe(values.retries.back()));
  }
  return "?";
}

std::string describe_attempts(const Values& values) {
  return fmt::format("abandoned after {} failed attempts",
                     values.retries.size() + (PROSPERO_FAULT(R4_only_the_retries_are_told) ? 0U : 1U));
}

std::string describe_disable_rule(const Values& values) {
  if (values.disable_after == 0 && !PROSPERO_FAULT(X2_never_is_told_as_after_0_failures)) return "never";
  return fmt::format("after {} consecutive failed attempts that span at least {}", values.disable_after,
                     describe(values.disable_span));
}

std::string describe_uuid(const Values&) {
  return fmt::format("version {}", uuid_version);
}

std::string describe_entity_header(const Values& values) {
  std::vector<std::string_view> carried;
  std::ranges::copy_if(entity_keys, std::back_inserter(carried),
                       [&](std::string_view key) { return std::ranges::count(values.without_fields, key) == 0; });
  return fmt::format("{}", fmt::join(carried, ", "));
}

std::string describe_error_body(const Values&) {
  return fmt::format(R"({{"{}": <integer>, "{}": <text>}})", error_keys.status, error_keys.error);
}

std::string describe_archiving(const Values& values) {
  return values.archive_fires.value_or("nothing");
}

std::string describe_bounds(const Values& values) {
  const auto kept = slots_kept(values.in_flight_per_webhook, values.in_flight_total);
  return fmt::format("{} under way per webhook, {} in all{}", values.in_flight_per_webhook, values.in_flight_total,
                     kept == 0 ? "" : fmt::format(" ({} kept for idle webhooks)", kept));
}

std::string describe_clock(const Values& values) {
  if (values.virtual_clock) return "virtual clock";
  return values.speed == 1 ? "real clock" : fmt::format("real clock, {} times as fast", values.speed);
}

}  // namespace mock::contract
