// A second reading of the contract for the random test: no queue, no index, no driver; it scans all deliveries for the
// next thing that happens. It knows in advance how long each attempt will take.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fake_transport.hpp"

namespace mock::delivery::test {

struct ModelRules {
  std::vector<Duration> delays;
  int disable_after = 0;
  Duration disable_span{};
  std::size_t per_webhook = 1;
  std::size_t total = 1;
  bool from_first_failure = false;
};

class ReferenceModel {
 public:
  /// The answer to the n-th attempt (from 0) of a delivery.
  using Script = std::function<Answer(const std::string& delivery, int nth)>;

  ReferenceModel(ModelRules rules, Script script) : rules_(std::move(rules)), script_(std::move(script)) {}

  void add_webhook(const std::string& id);
  void push(const std::string& id, const std::string& webhook);
  void disable(const std::string& webhook);
  void enable(const std::string& webhook);
  void remove(const std::string& webhook);
  void start_due();
  void advance(std::optional<Duration> by);  ///< nothing: to the next attempt that is due

  Instant now() const { return now_; }
  int started() const { return started_; }
  std::string delivery_line(const std::string& id) const;
  std::string webhook_line(const std::string& id) const;

 private:
  struct Try {
    int number = 0;
    bool uncertain = false;
    Instant due, begin, end;
    Outcome outcome = Outcome::ok;
    bool open = true;
    bool unsent = false;
  };
  struct Item {
    std::string id, webhook, final;
    int age = 0;
    std::optional<Instant> due;
    std::string doomed;
    std::optional<Instant> first_failure;
    std::vector<Try> tries;
  };
  struct Hook {
    bool enabled = true, deleted = false;
    int order = 0, failures = 0;
    long served = 0;
    Instant first_failure;
    std::optional<Instant> disabled_at;
  };

  Item* open_first_to_end();
  Item* next_to_start(Instant at);
  std::optional<Instant> next_start() const;
  std::size_t open_count(const std::string& webhook) const;  ///< of all if empty
  bool has_slot(const std::string& webhook) const;
  void begin(Item& item);
  void end(Item& item);
  void count(const Item& item, Outcome outcome, Instant at);
  void run_until(Instant goal);
  void drop_all(const std::string& webhook, const std::string& reason);

  ModelRules rules_;
  Script script_;
  Instant now_ = start_of_model();
  int started_ = 0;
  long serves_ = 0;
  std::map<std::string, Hook> hooks_;
  std::map<std::string, Item> items_;

  static Instant start_of_model();
};

}  // namespace mock::delivery::test
