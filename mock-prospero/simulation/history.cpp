#include "simulation/history.hpp"

#include <fmt/format.h>

#include <charconv>

#include "simulation/check.hpp"

namespace mock::simulation {
namespace {

constexpr std::string_view before_number = R"("data":{"id":")";

class Hash {
 public:
  void add(std::uint64_t value) {
    hash_ ^= value + 0x9e3779b97f4a7c15u + (hash_ << 6) + (hash_ >> 2);
    hash_ *= 0x100000001b3u;
  }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  void add(Duration time) { add(static_cast<std::uint64_t>(time.count())); }
  void add(Instant instant) { add(instant.time_since_epoch()); }
  template <class T>
  void add(const std::optional<T>& value) {
    if (value) add(*value);
    add(std::uint64_t{value.has_value()});
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

void add(Hash& hash, const Entry& entry) {
  hash.add(static_cast<std::uint64_t>(entry.kind));
  hash.add(entry.at);
  hash.add(entry.clock);
  hash.add(std::uint64_t{entry.subject});
  hash.add(static_cast<std::uint64_t>(entry.delivery.state));
  hash.add(entry.delivery.next_attempt_at);
  hash.add(std::uint64_t{entry.delivery.attempts});
  hash.add(static_cast<std::uint64_t>(entry.delivery.last.number));
  hash.add(entry.delivery.last.scheduled_at);
  hash.add(entry.delivery.last.started_at);
  hash.add(entry.delivery.last.ended_at);
  hash.add(static_cast<std::uint64_t>(entry.delivery.last.outcome.value_or(delivery::Outcome::ok)));
  hash.add(std::uint64_t{entry.delivery.last.uncertain});
  hash.add(std::uint64_t{entry.webhook.enabled});
  hash.add(static_cast<std::uint64_t>(entry.webhook.failures));
}

std::string delivery_line(const DeliveryView& view) {
  std::string line{delivery::to_text(view.state)};
  if (view.reason) line += fmt::format(" ({})", delivery::to_text(*view.reason));
  if (view.attempts > 0) {
    const auto& last = view.last;
    line += fmt::format(", attempt {}{}, due {}, began {}", last.number, last.uncertain ? " (uncertain)" : "",
                        seconds(last.scheduled_at), seconds(last.started_at));
    line += last.ended_at ? fmt::format(", {} at {}", delivery::to_text(last.outcome.value()), seconds(*last.ended_at))
                          : ", under way";
  }
  if (view.next_attempt_at) line += fmt::format(", next at {}", seconds(*view.next_attempt_at));
  return line;
}

/// Empty if the entry has nothing to do with the delivery.
std::string line_about(const History& history, const Entry& entry, Number delivery) {
  const auto& facts = history.deliveries[delivery];
  switch (entry.kind) {
    case Entry::Kind::delivery:
      return entry.subject == delivery ? "delivery " + delivery_line(entry.delivery) : "";
    case Entry::Kind::webhook:
      if (entry.subject != facts.webhook) return "";
      return fmt::format("webhook {}, {} failures", entry.webhook.enabled ? "enabled" : "not enabled",
                         entry.webhook.failures);
    case Entry::Kind::registered:
    case Entry::Kind::disable:
    case Entry::Kind::enable:
    case Entry::Kind::remove:
      return entry.subject == facts.webhook ? fmt::format("operator: {}", to_text(entry.kind)) : "";
    case Entry::Kind::fired:
      return entry.subject == facts.change ? "the change happens" : "";
    case Entry::Kind::booted:
    case Entry::Kind::restored:
    case Entry::Kind::crashed:
    case Entry::Kind::suspended:
    case Entry::Kind::woke:
    case Entry::Kind::wall_step:
    case Entry::Kind::calm:
      return std::string{to_text(entry.kind)};
  }
  return "";
}

}  // namespace

std::string_view to_text(Entry::Kind kind) {
  switch (kind) {
    case Entry::Kind::registered:
      return "registered";
    case Entry::Kind::disable:
      return "disable";
    case Entry::Kind::enable:
      return "enable";
    case Entry::Kind::remove:
      return "delete";
    case Entry::Kind::fired:
      return "fired";
    case Entry::Kind::delivery:
      return "delivery";
    case Entry::Kind::webhook:
      return "webhook";
    case Entry::Kind::booted:
      return "the sender starts";
    case Entry::Kind::restored:
      return "the sender has its state again";
    case Entry::Kind::crashed:
      return "the sender crashes";
    case Entry::Kind::suspended:
      return "the machine sleeps";
    case Entry::Kind::woke:
      return "the machine wakes";
    case Entry::Kind::wall_step:
      return "the wall clock is set";
    case Entry::Kind::calm:
      return "nothing goes wrong any more";
  }
  return "?";
}

std::string body_of(Number change, std::string_view event) {
  return fmt::format(R"({{"event":"{}",{}{}","sample":true}}}})", event, before_number, change);
}

std::optional<Number> change_of(std::string_view body) {
  const auto at = body.find(before_number);
  if (at == std::string_view::npos) return std::nullopt;
  Number number = 0;
  const auto* const first = body.data() + at + before_number.size();
  const auto [end, error] = std::from_chars(first, body.data() + body.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

std::uint64_t hash_of(const History& history) {
  Hash hash;
  for (const auto& entry : history.entries) add(hash, entry);
  for (const auto& receipt : history.receipts) {
    hash.add(receipt.at);
    hash.add(std::string_view{receipt.url});
    hash.add(std::string_view{*receipt.body});
    hash.add(receipt.answered);
  }
  for (const auto& one : history.deliveries) hash.add(std::string_view{one.id});
  return hash.value();
}

std::string trail_of(const History& history, Number delivery, std::size_t lines_max) {
  std::vector<std::string> lines;
  bool begun = false;
  for (const auto& entry : history.entries) {
    begun = begun || (entry.kind == Entry::Kind::fired && entry.subject == history.deliveries[delivery].change);
    if (!begun) continue;
    if (auto line = line_about(history, entry, delivery); !line.empty())
      lines.push_back(fmt::format("{:>16.6f} s  {}\n", static_cast<double>(entry.at.count()) / 1e6, line));
  }
  std::string text;
  const auto left_out = lines.size() > lines_max ? lines.size() - lines_max : 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool shown = left_out == 0 || i < 5 || i >= 5 + left_out;
    if (shown) text += lines[i];
    if (left_out > 0 && i == 5) text += fmt::format("{:>16}    ... {} lines left out ...\n", "", left_out);
  }
  return text;
}

}  // namespace mock::simulation
