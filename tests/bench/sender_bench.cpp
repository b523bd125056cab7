// `sender_bench --pending N [--store FILE]`: memory for each pending retry beside its body, time to load them from a
// store, and the whole ladder of N failing deliveries on the virtual clock with a simulated transport. Not a test: it
// judges nothing.
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <deque>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "delivery/sender.hpp"
#include "delivery/virtual_time.hpp"
#include "store/keeper.hpp"
#include "store/sqlite_store.hpp"

namespace {

using namespace mock;
using Watch = std::chrono::steady_clock;

constexpr delivery::Instant start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};
constexpr std::size_t body_bytes = 400;
constexpr const char* webhook_id = "00000000-0000-11f1-8000-0123456789ab";

double seconds_since(Watch::time_point begin) {
  return std::chrono::duration<double>(Watch::now() - begin).count();
}

std::size_t resident_bytes() {
  malloc_trim(0);
  std::ifstream statm{"/proc/self/statm"};
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// Every attempt fails after so long on the monotonic clock of the simulation only: the first attempts of all deliveries
// must be over before the first retry falls due.
constexpr delivery::Duration answer_after{100};

class Failing final : public delivery::Transport {
 public:
  void post(delivery::Push, Done done) override { waiting_.push_back(std::move(done)); }

  delivery::Duration now() const { return now_; }
  bool idle() const { return waiting_.empty(); }
  void answer_all() {
    now_ += answer_after;
    for (auto& done : std::exchange(waiting_, {})) {
      delivery::AttemptResult result;
      result.outcome = delivery::Outcome::bad_status;
      result.status = 503;
      result.detail = "status 503";
      result.took = answer_after;
      done(std::move(result));
    }
  }

 private:
  std::deque<Done> waiting_;
  delivery::Duration now_{};
};

class Silent final : public delivery::Journal {
 public:
  void delivery_changed(std::size_t, const delivery::Delivery&) override {}
  void webhook_changed(const delivery::WebhookId&) override {}
};

delivery::SenderOptions never_disabling() {
  auto options = delivery::contract_defaults();
  options.disable_after = 0;
  options.in_flight_per_webhook = 256;
  return options;
}

// A sender with what surrounds it, and a store if one is named.
class Bench {
 public:
  explicit Bench(const std::string& file) {
    if (!file.empty()) {
      store_ = store::open_sqlite(file);
      keeper_.emplace(*store_);
    }
    auto& journal = keeper_ ? static_cast<delivery::Journal&>(*keeper_) : silent_;
    sender_.emplace(never_disabling(), clock_, time_, journal);
    if (keeper_) keeper_->attach({clock_, *sender_, world_, registry_, true});
  }

  void fill(std::size_t count) {
    registry_.add({webhook_id, webhook_id, "https://a.example/", "https://a.example/", {"offer.updated"}, false});
    sender_->add_webhook(webhook_id, "https://a.example/");
    for (std::size_t i = 0; i < count; ++i) {
      sender_->enqueue({world_.new_id(start), webhook_id, "offer.updated", world_.new_id(start),
                        std::make_shared<const std::string>(body_bytes, 'x'), std::nullopt});
      if (i % 1000 == 999) keep();
    }
    run();
  }

  std::size_t load() {
    std::size_t count = 0;
    const auto kept = store_->load_world();
    for (const auto& one : kept.webhooks) {
      registry_.restore(one.registered);
      sender_->restore_webhook(one.registered.id, one.status);
    }
    store_->load_deliveries([&](delivery::Delivery one) {
      sender_->restore_delivery(std::move(one));
      ++count;
    });
    return count;
  }

  void advance(std::chrono::hours by) {
    time_.advance_by(by);
    run();
  }

 private:
  void keep() {
    if (keeper_) keeper_->keep();
  }

  void run() {
    for (;;) {
      const auto next = time_.step(*sender_);
      keep();
      if (next.kind == delivery::NextStep::Kind::finished) return;
      transport_.answer_all();
    }
  }

  std::mt19937_64 random_{1};
  world::World world_{random_};
  registry::Registry registry_;
  delivery::VirtualClock clock_{start};
  Failing transport_;
  delivery::VirtualTime time_{clock_, transport_, [this] { return transport_.now(); }};
  Silent silent_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Keeper> keeper_;
  std::optional<delivery::Sender> sender_;
};

void measure(std::size_t pending, const std::string& file) {
  {
    const auto before = resident_bytes();
    auto begin = Watch::now();
    Bench bench{file};
    bench.fill(pending);
    fmt::print("first attempts of {} deliveries: {:.2f} s\n", pending, seconds_since(begin));
    const auto grown = resident_bytes() - before;
    fmt::print("memory for each pending retry beside the body: {} bytes\n", grown / pending - body_bytes);
    if (file.empty()) {
      begin = Watch::now();
      bench.advance(std::chrono::hours{8});
      fmt::print("their three retries: {:.2f} s\n", seconds_since(begin));
    }
  }
  if (file.empty()) return;
  auto begin = Watch::now();
  Bench again{file};
  const auto loaded = again.load();
  fmt::print("loading {} deliveries from the store: {:.2f} s\n", loaded, seconds_since(begin));
  begin = Watch::now();
  again.advance(std::chrono::hours{8});
  fmt::print("their three retries, with the store: {:.2f} s\n", seconds_since(begin));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How fast and how small the sender is"};
  std::size_t pending = 1'000'000;
  std::string file;
  app.add_option("--pending", pending, "deliveries, each of which fails and waits for its retry")
      ->check(CLI::PositiveNumber);
  app.add_option("--store", file, "a new file for the SQLite store; without it there is no store");
  CLI11_PARSE(app, argc, argv);
  try {
    measure(pending, file);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sender_bench: {}\n", error.what());
    return 1;
  }
}
