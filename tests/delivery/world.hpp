// A sender on a virtual clock with a scripted transport, and a small language of one command a line for tables:
//
//   command                     | status that the command must answer
//   bounds 2 5                  |                                   per webhook, in all; before anything else
//   rule 20 0                   |                                   N and S of X2; before anything else
//   from-first                  |                                   R2: delays count from the first failure
//   add a                       | enabled 0
//   answer a bad_status 0.2     |                                   what the next attempt to a gets; ok after 0.1 s
//                                                                   without it. A fifth word is the detail
//   push d1 a                   | pending next 0:00:00.000
//   bulk d 20 a                 | 20 pending                        d01 ... d20
//   start                       | 1 in flight                       a step, no real time passes
//   real 0.2                    | at 0:00:00.200, 0 in flight       so much real time passes
//   settle                      | at 0:00:00.200                    until nothing is due or in flight
//   advance 60 / to T / next    | at 0:01:00.300, 1 attempts
//   disable a, enable a, delete a, interrupt d1
//   webhook a                   | enabled 1
//   delivery d1                 | pending next 0:01:00.200: 1 bad_status 0:00:00.000 to 0:00:00.200
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/sender.hpp"
#include "delivery/virtual_time.hpp"
#include "fake_transport.hpp"
#include "table.hpp"

namespace mock::delivery::test {

/// Writes down what the sender tells, one line a change.
class RecordingJournal final : public Journal {
 public:
  void delivery_changed(std::size_t, const Delivery& delivery) override;
  void webhook_changed(const WebhookId& webhook) override { lines.push_back("webhook " + webhook); }
  std::vector<std::string> lines;
};

std::string describe(const Attempt& attempt);
std::string describe(const Delivery& delivery);
std::string describe(const WebhookStatus& webhook);

class World {
 public:
  explicit World(SenderOptions options = contract_defaults());

  /// Carries out each row of the table and checks its status.
  void run(std::string_view table);

  /// Steps until nothing is due or in flight and a pending advance is over, or `real` time has passed.
  NextStep drive(Duration real = Duration::max());

  void push(const DeliveryId& id, const WebhookId& webhook);
  Sender& sender() { return *sender_; }
  Delivery delivery(const DeliveryId& id) const;

  VirtualClock clock{start};
  FakeTransport transport;
  VirtualTime time{clock, transport, [this] { return transport.now(); }};
  RecordingJournal journal;
  std::map<std::string, std::deque<Answer>> answers;  ///< by URL
  int woken = 0;

 private:
  std::string carry_out(const std::vector<std::string>& command);
  std::string carry_out_on_webhook(const std::string& verb, const WebhookId& id);
  std::string advance(const std::string& how, const std::vector<std::string>& command);
  std::string bulk(const std::string& prefix, int count, const WebhookId& webhook);
  void rebuild();

  SenderOptions options_;
  std::unique_ptr<Sender> sender_;
};

}  // namespace mock::delivery::test
