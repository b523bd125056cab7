// What one run draws before it begins: how large its world is, and how often what goes wrong. Each run has its own mix,
// so that rare combinations come up ("swarm testing").
#pragma once

#include <string>

#include "delivery/sender.hpp"
#include "simulation/random.hpp"

namespace mock::simulation {

/// How often in a thousand attempts each happens while a consumer is up.
struct NetworkRates {
  int hung_lookup = 0;      ///< the name look-up never answers
  int refused = 0;          ///< no connection
  int tls_error = 0;        ///< connected, no TLS session
  int refused_address = 0;  ///< the policy refuses where the name leads
  int reset_before = 0;     ///< reset before the consumer has the push
  int answer_lost = 0;      ///< the consumer took the push and answered 200, which never arrives
  int garbage = 0;          ///< the answer is no HTTP
  int bad_status = 0;       ///< any status but 200, other 2xx among them
  int no_files = 0;         ///< the sender has no open file left: surely nothing is sent (G5)
  int slow = 0;             ///< the answer is late or trickles, often close to 5 s
};

/// How often in a thousand operations each happens.
struct OperationRates {
  int bulk = 0;          ///< 2 to 30 changes at once (D9)
  int mood = 0;          ///< a consumer goes down, slow, flapping or up
  int disable = 0;       ///< by the operator
  int enable = 0;        ///< by the operator (X4)
  int remove = 0;        ///< by the operator (G2)
  int register_one = 0;  ///< one more webhook, often of a URL that was deleted (G2, G3)
  int interrupt = 0;     ///< an attempt under way is given up (G5)
  int crash = 0;         ///< between two steps or inside one
  int wall_step = 0;     ///< somebody sets the wall clock (G7)
  int suspend = 0;       ///< the machine sleeps (G7)
};

struct Plan {
  bool virtual_clock = false;  ///< G6
  int organizations = 1;
  int webhooks = 1;
  int operations = 0;  ///< of the safety phase
  delivery::SenderOptions sender;
  NetworkRates network;
  OperationRates operation;
  delivery::Duration grain{1};  ///< of what the network takes; a coarse one makes ends coincide
  int lazy_sync_permille = 0;   ///< how often what a step changed is not yet on disk when the next one comes
};

Plan draw_plan(Random& random);

/// One line.
std::string to_text(const Plan& plan);

}  // namespace mock::simulation
