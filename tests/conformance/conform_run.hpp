// The conform command run in this process, as a person types it.
#pragma once

#include <string>
#include <vector>

#include "cli/environment.hpp"

namespace conformance_test {

struct Ran {
  int code = -1;
  std::string out;      ///< standard output
  std::string refusal;  ///< what main() would print, with exit code 2
};

Ran conform(std::vector<std::string> arguments, const mock::cli::Environment& environment = {});

}  // namespace conformance_test
