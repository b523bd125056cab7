#include "world.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <stdexcept>

namespace mock::delivery::test {

std::string describe(const Attempt& attempt) {
  auto text = std::to_string(attempt.number) + (attempt.uncertain ? "? " : " ");
  text += attempt.outcome ? to_text(*attempt.outcome) : "under way";
  if (attempt.scheduled_at != attempt.started_at) text += " due " + show(attempt.scheduled_at);
  text += ' ' + show(attempt.started_at);
  if (attempt.ended_at) text += " to " + show(*attempt.ended_at);
  return text;
}

std::string describe(const Delivery& delivery) {
  std::string text{to_text(delivery.state)};
  if (delivery.reason) text += ' ' + std::string{to_text(*delivery.reason)};
  if (delivery.next_attempt_at) text += " next " + show(*delivery.next_attempt_at);
  for (const auto& attempt : delivery.attempts) {
    text += (&attempt == &delivery.attempts.front() ? ": " : "; ") + describe(attempt);
  }
  return text;
}

std::string describe(const WebhookStatus& webhook) {
  std::string text = webhook.deleted ? "deleted" : webhook.enabled ? "enabled" : "disabled";
  text += ' ' + std::to_string(webhook.consecutive_failures);
  if (webhook.disabled_at) text += " at " + show(*webhook.disabled_at);
  return text;
}

void RecordingJournal::delivery_changed(std::size_t, const Delivery& delivery) {
  lines.push_back(delivery.id + ' ' + describe(delivery));
}

World::World(SenderOptions options) : options_(std::move(options)) {
  transport.set_script([this](const Push& push, int) {
    auto& queue = answers[push.url];
    if (queue.empty()) return Answer{};
    const auto answer = queue.front();
    queue.pop_front();
    return answer;
  });
  rebuild();
}

void World::rebuild() {
  sender_ = std::make_unique<Sender>(options_, clock, time, journal, [this] { ++woken; });
}

Delivery World::delivery(const DeliveryId& id) const {
  auto found = sender_->find(id);
  if (!found) throw std::out_of_range("no delivery " + id);
  return *std::move(found);
}

NextStep World::drive(Duration real) {
  const auto stop = real == Duration::max() ? real : transport.now() + real;
  for (;;) {
    const auto step = time.step(*sender_);
    auto until = transport.next_completion();
    if (step.kind == NextStep::Kind::wait_at_most) {
      until = std::min(until.value_or(Duration::max()), transport.now() + step.at_most);
    }
    if (step.kind == NextStep::Kind::finished || !until || *until > stop) {
      if (stop != Duration::max()) transport.run_until(stop);
      BOOST_REQUIRE(step.kind == NextStep::Kind::finished || stop != Duration::max());
      return step;
    }
    transport.run_until(*until);
  }
}

void World::push(const DeliveryId& id, const WebhookId& webhook) {
  sender_->enqueue({.id = id,
                    .webhook_id = webhook,
                    .event = "event.updated",
                    .entity_id = {},
                    .body = std::make_shared<const std::string>(id),
                    .resend_of = {}});
}

std::string World::bulk(const std::string& prefix, int count, const WebhookId& webhook) {
  const auto width = std::to_string(count).size();
  for (int i = 1; i <= count; ++i) {
    const auto number = std::to_string(i);
    push(prefix + std::string(width - number.size(), '0') + number, webhook);
  }
  return std::to_string(count) + " pending";
}

std::string World::advance(const std::string& how, const std::vector<std::string>& command) {
  if (how == "next") {
    time.advance_to_next();
  } else if (how == "to") {
    time.advance_to(start + parse_time(command.at(2)));
  } else {
    time.advance_by(parse_time(how));
  }
  drive();
  return "at " + show(clock.now()) + ", " + std::to_string(time.attempts()) + " attempts";
}

std::string World::carry_out_on_webhook(const std::string& verb, const WebhookId& id) {
  if (verb == "add") sender_->add_webhook(id, "https://" + id);
  if (verb == "disable") sender_->disable(id);
  if (verb == "enable") sender_->enable(id);
  if (verb == "delete") sender_->remove(id);
  return describe(sender_->webhook(id));
}

std::string World::carry_out(const std::vector<std::string>& command) {
  const auto& verb = command.at(0);
  const auto word = [&](std::size_t i) { return command.at(i); };
  const auto in_flight = [&] { return std::to_string(sender_->in_flight()) + " in flight"; };
  if (verb == "bounds" || verb == "rule" || verb == "from-first") {
    if (verb == "from-first") options_.delays_from = contract::DelaysFrom::first_failure;
    if (verb == "bounds") {
      options_.in_flight_per_webhook = std::stoul(word(1));
      options_.in_flight_total = std::stoul(word(2));
    } else if (verb == "rule") {
      options_.disable_after = std::stoi(word(1));
      options_.disable_span = parse_time(word(2));
    }
    rebuild();
    return "";
  }
  if (verb == "answer") {
    const auto detail = command.size() > 4 ? word(4) : "";
    answers["https://" + word(1)].push_back({parse_outcome(word(2)), parse_time(word(3)), detail});
    return "";
  }
  if (verb == "push") {
    push(word(1), word(2));
    return describe(delivery(word(1)));
  }
  if (verb == "bulk") return bulk(word(1), std::stoi(word(2)), word(3));
  if (verb == "start") {
    time.step(*sender_);
    return in_flight();
  }
  if (verb == "real") {
    drive(parse_time(word(1)));
    time.step(*sender_);
    return "at " + show(clock.now()) + ", " + in_flight();
  }
  if (verb == "settle") {
    drive();
    return "at " + show(clock.now());
  }
  if (verb == "advance") return advance(word(1), command);
  if (verb == "interrupt") {
    sender_->interrupt(word(1));
    return describe(delivery(word(1)));
  }
  if (verb == "delivery") return describe(delivery(word(1)));
  return carry_out_on_webhook(verb, word(1));
}

void World::run(std::string_view table) {
  std::istringstream lines{std::string{table}};
  for (std::string line; std::getline(lines, line);) {
    const auto bar = line.find('|');
    const auto command = words_of_lines(line.substr(0, bar));
    if (command.empty()) continue;
    std::string expected;
    if (bar != std::string::npos) {
      for (const auto& row : words_of_lines(line.substr(bar + 1))) {
        for (const auto& word : row) expected += (expected.empty() ? "" : " ") + word;
      }
    }
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(carry_out(command.front()) == expected);
    }
  }
}

}  // namespace mock::delivery::test
