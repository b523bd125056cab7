// `push_bench --url URL --ca FILE`: how many deliveries a second the mock makes to one consumer over real sockets, from
// the first start to the last success, and the processor time that each takes, in microseconds.
// tests/bench/sender.sh runs it beside wrk. Not a test: it judges nothing.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "delivery/fan_out.hpp"
#include "engine/engine.hpp"
#include "store/keeper.hpp"
#include "store/sqlite_store.hpp"
#include "transport/transport.hpp"

namespace {

using namespace mock;
using Watch = std::chrono::steady_clock;

struct Flags {
  std::string url, ca, store, body;
  std::size_t count = 10'000;
  std::size_t connections = 32;
  bool keep_alive = false;
};

// Of all threads, in and out of the kernel.
double processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct Measured {
  double per_second = 0;
  double processor_us = 0;
};

// Says when every delivery has ended, and how many of them well.
class Tally final : public delivery::Journal {
 public:
  explicit Tally(std::size_t expected) : expected_(expected) {}

  void delivery_changed(std::size_t, const delivery::Delivery& one) override {
    if (one.attempts.empty() || !one.attempts.back().ended_at) return;
    if (one.state == delivery::State::delivered) ++delivered;
    if (one.state != delivery::State::delivered && failure.empty()) failure = one.attempts.back().detail;
    if (++ended_ < expected_) return;
    processor_at_end = processor_seconds();
    all.set_value(Watch::now());
  }
  void webhook_changed(const delivery::WebhookId&) override {}

  std::size_t delivered = 0;
  std::string failure;
  double processor_at_end = 0;
  std::promise<Watch::time_point> all;

 private:
  std::size_t expected_;
  std::size_t ended_ = 0;
};

// The address stands in the URL.
class NoNames final : public transport::NameLookup {
 public:
  std::unique_ptr<transport::PendingLookup> resolve(const std::string& host, Done) override {
    throw std::runtime_error{host + ": name an address, this measures no look-up"};
  }
};

class Bench {
 public:
  explicit Bench(const Flags& flags) : flags_(flags), tally_(flags.count) {
    if (!flags.store.empty()) {
      store_ = store::open_sqlite(flags.store);
      keeper_.emplace(*store_);
      journal_.add(*keeper_);
    }
    journal_.add(tally_);
    engine_.emplace(
        options(), [this](boost::asio::io_context& io) { return make_transport(io); },
        [this](const delivery::Clock&) -> delivery::Journal& { return journal_; });
  }

  ~Bench() { engine_->stop(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Measured run() {
    auto ended = tally_.all.get_future();
    Watch::time_point begin;
    double processor_at_begin = 0;
    engine_->call([&] {
      auto& sender = engine_->sender();
      if (keeper_) keeper_->attach({engine_->clock(), sender, world_, registry_, false});
      const auto now = engine_->clock().now();
      const auto webhook = world_.new_id(now);
      registry_.add({webhook, webhook, flags_.url, flags_.url, {"offer.updated"}, false});
      sender.add_webhook(webhook, flags_.url);
      const auto body = std::make_shared<const std::string>(flags_.body);
      for (std::size_t i = 0; i < flags_.count; ++i) {
        sender.enqueue({world_.new_id(now), webhook, "offer.updated", std::nullopt, body, std::nullopt});
      }
      if (keeper_) keeper_->keep();
      processor_at_begin = processor_seconds();
      begin = Watch::now();
    });
    const std::chrono::duration<double> took = ended.get() - begin;
    if (tally_.delivered != flags_.count) throw std::runtime_error{"an attempt failed: " + tally_.failure};
    const auto count = static_cast<double>(flags_.count);
    return {count / took.count(), (tally_.processor_at_end - processor_at_begin) / count * 1e6};
  }

 private:
  engine::EngineOptions options() {
    engine::EngineOptions options;
    options.sender.disable_after = 0;
    options.sender.in_flight_per_webhook = flags_.connections;
    options.sender.in_flight_total = flags_.connections;
    options.keeping = keeper_ ? &*keeper_ : nullptr;
    return options;
  }

  std::unique_ptr<delivery::Transport> make_transport(boost::asio::io_context& io) {
    transport::UrlPolicy policy;
    policy.allow_local = true;
    return std::make_unique<transport::HttpTransport>(
        io, names_, transport::TransportOptions{policy, {flags_.ca}, flags_.keep_alive});
  }

  Flags flags_;
  std::mt19937_64 random_{1};
  world::World world_{random_};
  registry::Registry registry_;
  NoNames names_;
  Tally tally_;
  delivery::FanOut journal_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Keeper> keeper_;
  std::optional<engine::Engine> engine_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"How many deliveries a second the mock makes to one consumer"};
  Flags flags;
  app.add_option("--url", flags.url, "the consumer, by its address")->required();
  app.add_option("--ca", flags.ca, "PEM file of its certificate")->required();
  app.add_option("--body", flags.body, "the bytes of each push")->required();
  app.add_option("--count", flags.count, "deliveries")->check(CLI::PositiveNumber);
  app.add_option("--connections", flags.connections, "attempts at a time")->check(CLI::PositiveNumber);
  app.add_option("--store", flags.store, "a new file for the SQLite store; without it there is no store");
  app.add_flag("--keep-alive", flags.keep_alive, "use connections again");
  CLI11_PARSE(app, argc, argv);
  try {
    const auto measured = Bench{flags}.run();
    fmt::print("{:.0f} {:.1f}\n", measured.per_second, measured.processor_us);
  } catch (const std::exception& error) {
    fmt::print(stderr, "push_bench: {}\n", error.what());
    return 1;
  }
}
