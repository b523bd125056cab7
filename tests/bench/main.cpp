// parse_bench [GOOGLE BENCHMARK FLAG...]: times all parsers, repetitions interleaved, and prints the table of medians.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "contenders.hpp"
#include "parse_bench.hpp"
#include "ratios.hpp"

namespace {

std::string processor() {
  std::ifstream info{"/proc/cpuinfo"};
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", std::gmtime(&now));
  return text.data();
}

}  // namespace

int main(int argc, char** argv) {
  // The caller's flags come after these and win.
  std::vector<std::string> arguments{argv[0], "--benchmark_enable_random_interleaving=true",
                                     "--benchmark_repetitions=31", "--benchmark_min_time=0.01"};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);

  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return EXIT_FAILURE;
  bench::register_parse();
  bench::Ratios ratios;
  benchmark::RunSpecifiedBenchmarks(&ratios);
  std::cout << "\n"
            << today() << ", " << processor() << ", " << std::thread::hardware_concurrency() << " cores\n"
            << bench::versions()
            << "medians of the repetitions in processor time; spread: how far apart the middle half of them is;\n"
               "x B.J. and x simd: how many times as fast as boost::json::parse with its default resource, and as\n"
               "simdjson's DOM; allocs: calls of operator new\n\n"
            << ratios.table();
  return EXIT_SUCCESS;
}
