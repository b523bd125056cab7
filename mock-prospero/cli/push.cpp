#include "cli/push.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include "cli/contract_flags.hpp"
#include "cli/interrupt.hpp"
#include "cli/network_flags.hpp"
#include "cli/network_transport.hpp"
#include "cli/push_body.hpp"
#include "cli/push_report.hpp"
#include "cli/terminal_text.hpp"
#include "cli/validators.hpp"
#include "engine/engine.hpp"
#include "transport/url.hpp"
#include "world/uuid_v1.hpp"

namespace mock::cli {
namespace {

struct PushFlags {
  std::string url;
  PushContent content;
  bool retry = false;
  std::string clock = "real";
  bool json = false;
  int repeat = 1;
  double rate_per_s = 0;  // 0: one after the other, without a pause
  contract::DelaysFrom delays_from = contract::DelaysFrom::previous_failure;
  NetworkFlags network;
};

constexpr auto examples = R"(Examples:
  mock-prospero push https://consumer.example/hook/SECRET --event invoice.updated
  mock-prospero push https://localhost:8443/hook/SECRET --event offer.created --ca build/tls/ca.pem --allow-local
  mock-prospero push URL --event invoice.updated --data invoice.json --set /status=paid --set /total=12.5
  mock-prospero push URL --event invoice.updated --body broken.json
  mock-prospero push URL --event event.deleted --retry --clock virtual
  mock-prospero push URL --event event.updated --repeat 100 --rate 20

Exit codes: 0 delivered, 1 not delivered, 2 usage or policy, 3 no TCP connection in any attempt. With --repeat: 0 all
delivered, 2 and 3 if that holds for every one, else 1. 130 after Ctrl-C, which says how far it came.)";

engine::EngineOptions engine_options(const PushFlags& flags, delivery::Instant now) {
  engine::EngineOptions options;
  if (!flags.retry) options.sender.retry_delays.clear();
  options.sender.delays_from = flags.delays_from;
  options.virtual_clock = flags.clock == "virtual";
  options.virtual_start = now;
  return options;
}

/// Sends, and waits for the end of the delivery: on the real clock as long as it takes. Nothing after Ctrl-C.
std::optional<delivery::Delivery> carry_out(const PushFlags& flags, const Roots& roots, delivery::NewDelivery push,
                                            delivery::Instant now, const std::string& heading) {
  PushJournal journal(flags.json ? nullptr : stdout, heading);
  auto ended = journal.ended();
  engine::Engine engine(
      engine_options(flags, now),
      [&](boost::asio::io_context& io) { return std::make_unique<NetworkTransport>(io, flags.network, 0, roots); },
      [&](const delivery::Clock&) -> delivery::Journal& { return journal; });
  engine.call([&] {
    engine.sender().add_webhook(push.webhook_id, flags.url);
    engine.sender().enqueue(std::move(push));
  });
  constexpr std::chrono::milliseconds not_at_all{0}, until_a_signal_is_seen{100};
  while (ended.wait_for(engine.virtual_clock() ? not_at_all : until_a_signal_is_seen) == std::future_status::timeout) {
    if (InterruptScope::raised()) return std::nullopt;
    if (engine.virtual_clock()) engine.advance_to_next();
  }
  return ended.get();
}

/// Sends one delivery and says what became of it; the exit code for it alone. Nothing after Ctrl-C.
std::optional<int> push_once(const PushFlags& flags, const Roots& roots, const transport::WebhookUrl& url,
                             PushBody body, world::UuidV1& ids, delivery::Instant now) {
  const auto heading =
      fmt::format("{} to {}, {} bytes\n", for_terminal(flags.content.event), url.redacted(), body.bytes.size());
  const auto webhook_id = ids.next(now);
  const auto ended = carry_out(flags, roots,
                               {.id = ids.next(now),
                                .webhook_id = webhook_id,
                                .event = flags.content.event,
                                .entity_id = std::move(body.entity_id),
                                .body = std::make_shared<const std::string>(std::move(body.bytes)),
                                .resend_of = {}},
                               now, heading);
  if (!ended) return std::nullopt;
  if (flags.json) {
    fmt::print("{}\n", boost::json::serialize(push_json(*ended, url.redacted(), flags.retry)));
    std::fflush(stdout);
  }
  return push_exit_code(*ended);
}

/// Any name that can be printed: also one that Prospero does not have, or would never have (E10).
void require_event_name(const std::string& event) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (event.empty()) throw std::invalid_argument("--event: the name is empty; give one such as invoice.updated");
  if (std::any_of(event.begin(), event.end(), is_control)) {
    throw std::invalid_argument("--event: the name has control characters; --body sends bytes as they are");
  }
}

/// Waits until push number `i` may start, and tells at the end what rate was reached.
class Pace {
 public:
  explicit Pace(double per_s) : per_s_(per_s) {}

  void wait_for(int i) const {
    if (per_s_ > 0) std::this_thread::sleep_until(began_ + duration(i));
  }

  /// Pushes go out one after the other, so a consumer that takes longer than the pause slows them down.
  void tell(int pushes) const {
    constexpr double near_enough = 0.95;
    const std::chrono::duration<double> took = last_start_ - began_;
    if (per_s_ <= 0 || pushes < 2 || took.count() <= 0) return;
    const double reached = (pushes - 1) / took.count();
    if (reached >= near_enough * per_s_) return;
    fmt::print(stderr, "--rate {}: {:.1f} a second were reached: each push waits for the end of the one before\n",
               per_s_, reached);
  }

  void started() { last_start_ = Steady::now(); }

 private:
  using Steady = std::chrono::steady_clock;
  Steady::duration duration(int i) const {
    return std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(i / per_s_));
  }

  double per_s_;
  Steady::time_point began_ = Steady::now();
  Steady::time_point last_start_ = began_;
};

int interrupted(int ended, int delivered, int wanted) {
  constexpr int exit_interrupted = 130;  // what a shell makes of Ctrl-C
  fmt::print(stderr, "\ninterrupted: {} of {} deliveries ended, {} delivered\n", ended, wanted, delivered);
  return exit_interrupted;
}

/// Given bytes are sent again as they are, so the consumer sees copies; a sample is a new entity each time.
int push(const PushFlags& flags) {
  require_event_name(flags.content.event);
  const auto url = transport::WebhookUrl::parse(flags.url, url_policy(flags.network));
  if (!url) throw std::invalid_argument(url.error().reason);
  announce(flags.network);

  std::mt19937_64 random(std::random_device{}());
  world::UuidV1 ids(random);
  const bool given = !flags.content.data_file.empty() || !flags.content.body_file.empty();
  std::optional<PushBody> body;
  std::optional<int> code;
  int delivered = 0;
  const InterruptScope interrupts;
  // Who sees each push on the terminal needs nothing more.
  const bool tells_progress = flags.repeat > 1 && isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0;
  const auto roots = read_roots(flags.network);
  Pace pace{flags.rate_per_s};
  for (int i = 0; i < flags.repeat; ++i) {
    pace.wait_for(i);
    pace.started();
    const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    if (!body || !given) body = make_push_body(flags.content, now, random, std::cin);
    if (tells_progress && i > 0) fmt::print(stderr, "\rpush {} of {} ", i + 1, flags.repeat);
    const auto this_code = InterruptScope::raised() ? std::nullopt : push_once(flags, roots, *url, *body, ids, now);
    if (!this_code) return interrupted(i, delivered, flags.repeat);
    if (*this_code == 0) ++delivered;
    code = code.value_or(*this_code) == *this_code ? *this_code : 1;
  }
  if (tells_progress) fmt::print(stderr, "\n");
  pace.tell(flags.repeat);
  return *code;
}

void add_flags(CLI::App& command, PushFlags& flags) {
  command.add_option("url", flags.url, "the webhook's URL")->type_name("URL")->required();
  command
      .add_option("--event", flags.content.event,
                  "name of the webhook event; one that does not exist yet is fine (E10)")
      ->type_name("NAME")
      ->required();
  auto* data = command
                   .add_option("--data", flags.content.data_file,
                               "JSON file with the entity, - for standard input; without it a sample")
                   ->type_name("FILE");
  auto* set =
      command
          .add_option("--set", flags.content.changes, "put a value into the entity: JSON, else a string (repeatable)")
          ->type_name("/POINTER=VALUE")
          ->allow_extra_args(false);
  command.add_option("--body", flags.content.body_file, "file with the raw body, - for standard input; sent as it is")
      ->type_name("FILE")
      ->excludes(data)
      ->excludes(set);
  command.add_flag("--retry", flags.retry, "try again 1 min, 1 h and 6 h after a failure (R1)");
  command.add_option("--clock", flags.clock, "real waits for the retries, virtual jumps to them (G6)")
      ->check(CLI::IsMember({"real", "virtual"}))
      ->capture_default_str();
  command.add_flag("--json", flags.json, "print one JSON object at the end of each delivery");
  command
      .add_option(
          "--repeat", flags.repeat,
          "deliveries to make, one after the other: of a new sample each, or of the same --data or --body (copies)")
      ->check(CLI::Range(1, 1'000'000))
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--rate", flags.rate_per_s, "start at most so many of them a second; 0: no pause")
      ->check(finite_number)
      ->check(CLI::Range(0.0, 1'000'000.0))
      ->type_name("R");
  add_field_flags(command, flags.network);
  add_delay_flag(command, flags.delays_from);
  add_network_flags(command, flags.network);
  command.footer(examples);
}

}  // namespace

void add_push_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("push", "Send a webhook event to one URL, and its retries");
  const auto flags = std::make_shared<PushFlags>();
  add_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return push(*flags); }; });
}

}  // namespace mock::cli
