#include "conform_run.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <sstream>

#include "cli/conform.hpp"

namespace conformance_test {
namespace {

// Standard output of this process, kept while in scope.
class Captured {
 public:
  Captured() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~Captured() { std::cout.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

}  // namespace

Ran conform(std::vector<std::string> arguments, const mock::cli::Environment& environment) {
  CLI::App app;
  std::function<int()> run;
  mock::cli::add_conform_command(app, run, false, environment);
  arguments.insert(arguments.begin(), "conform");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  Ran ran;
  const Captured captured;
  try {
    app.parse(arguments);
    ran.code = run();
  } catch (const CLI::ParseError& error) {
    ran = {2, {}, error.what()};
  } catch (const std::exception& error) {
    ran = {2, {}, error.what()};
  }
  ran.out = captured.text();
  return ran;
}

}  // namespace conformance_test
