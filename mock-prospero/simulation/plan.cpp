#include "simulation/plan.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace mock::simulation {
namespace {

using namespace std::chrono_literals;

/// Off in half of the runs, so that what is left on meets others undisturbed.
int rate(Random& random, int most_permille) {
  return random.chance(500) ? 0 : random.between(1, most_permille);
}

NetworkRates draw_network(Random& random) {
  NetworkRates rates;
  for (auto* one : {&rates.hung_lookup, &rates.refused, &rates.tls_error, &rates.reset_before, &rates.answer_lost,
                    &rates.garbage, &rates.bad_status, &rates.slow}) {
    *one = rate(random, random.chance(200) ? 400 : 80);
  }
  rates.refused_address = rate(random, 20);
  rates.no_files = rate(random, 60);
  return rates;
}

OperationRates draw_operations(Random& random) {
  return {.bulk = rate(random, 150),
          .mood = rate(random, 200),
          .disable = rate(random, 60),
          .enable = rate(random, 150),
          .remove = rate(random, 30),
          .register_one = rate(random, 60),
          .interrupt = rate(random, 80),
          .crash = rate(random, 150),
          .wall_step = rate(random, 50),
          .suspend = rate(random, 60)};
}

delivery::SenderOptions draw_sender(Random& random) {
  auto options = delivery::contract_defaults();
  if (random.chance(700)) options.disable_after = random.between(0, 8);
  if (random.chance(400)) options.disable_span = random.between(0s, 2h);
  if (random.chance(700)) options.in_flight_per_webhook = static_cast<std::size_t>(random.between(1, 4));
  if (random.chance(500)) options.in_flight_total = static_cast<std::size_t>(random.between(1, 6));
  if (random.chance(300)) options.delays_from = contract::DelaysFrom::first_failure;
  return options;
}

}  // namespace

Plan draw_plan(Random& random) {
  constexpr std::array<delivery::Duration, 4> grains{1us, 1ms, 100ms, 1s};
  Plan plan;
  plan.virtual_clock = random.chance(400);
  plan.organizations = random.between(1, 3);
  plan.webhooks = random.between(1, 5);
  plan.operations = random.between(10, 60);
  plan.sender = draw_sender(random);
  plan.network = draw_network(random);
  plan.operation = draw_operations(random);
  plan.grain = grains[random.below(grains.size())];
  plan.lazy_sync_permille = rate(random, 600);
  return plan;
}

std::string to_text(const Plan& plan) {
  const auto& n = plan.network;
  const auto& o = plan.operation;
  return fmt::format(
      "clock {}, organizations {}, webhooks {}, operations {}, delays from the {} failure, disable after {} in {} s, "
      "in flight {} of {}, grain {} us, lazy sync {}; network: hung look-up {}, refused {}, tls {}, address {}, "
      "reset {}, answer lost {}, garbage {}, bad status {}, no files {}, slow {}; operations: bulk {}, mood {}, "
      "disable {}, enable {}, remove {}, register {}, interrupt {}, crash {}, wall step {}, suspend {} (rates in a "
      "thousand)",
      plan.virtual_clock ? "virtual" : "real", plan.organizations, plan.webhooks, plan.operations,
      plan.sender.delays_from == contract::DelaysFrom::first_failure ? "first" : "previous", plan.sender.disable_after,
      std::chrono::floor<std::chrono::seconds>(plan.sender.disable_span).count(), plan.sender.in_flight_per_webhook,
      plan.sender.in_flight_total, plan.grain.count(), plan.lazy_sync_permille, n.hung_lookup, n.refused, n.tls_error,
      n.refused_address, n.reset_before, n.answer_lost, n.garbage, n.bad_status, n.no_files, n.slow, o.bulk, o.mood,
      o.disable, o.enable, o.remove, o.register_one, o.interrupt, o.crash, o.wall_step, o.suspend);
}

}  // namespace mock::simulation
