#include "parse_bench.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>

#include "allocations.hpp"
#include "contenders.hpp"
#include "pushes.hpp"

namespace bench {
namespace {

void measure(benchmark::State& state, const Contender& contender, const std::shared_ptr<const std::string>& body) {
  const Parse parse = contender.prepare(body);
  parse();  // fills what the contender keeps from one body to the next
  const std::size_t before = allocations();
  parse();
  state.counters["allocs"] = static_cast<double>(allocations() - before);
  for (auto _ : state) parse();
  state.SetBytesProcessed(static_cast<std::int64_t>(body->size()) * state.iterations());
}

}  // namespace

void register_parse() {
  for (const std::size_t size : {300U, 2'000U, 20'000U, 200'000U}) {
    const auto body = std::make_shared<const std::string>(push_of(size));
    for (const Contender& contender : contenders()) {
      const std::string name = std::string{contender.name} + "/" + std::to_string(body->size());
      benchmark::RegisterBenchmark(name.c_str(),
                                   [&contender, body](benchmark::State& state) { measure(state, contender, body); });
    }
  }
}

}  // namespace bench
