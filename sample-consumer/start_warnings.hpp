// What is allowed and yet may not be meant.
#pragma once

#include <string>
#include <vector>

#include "config.hpp"

namespace consumer {

/// A line for the log each; none holds a secret.
std::vector<std::string> start_warnings(const Config& config);

}  // namespace consumer
