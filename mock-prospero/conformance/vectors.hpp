// The suite's pushes as files, for unit tests in any language (`--export`).
#pragma once

#include <map>
#include <string>

#include "conformance/run.hpp"

namespace mock::conformance {

/// From file name to content: one `ID.json` for each selected case that asks for 200 to complete pushes which are not
/// many at once: `{"schema": 1, "id", "clause", "strength", "title", "requirement", "status": 200, "requests":
/// [{"headers":
/// [[name, value]], "body": text, "bodyBase64"}]}`. `body` is null where the bytes are not UTF-8.
std::map<std::string, std::string> vectors(const Plan& plan);

}  // namespace mock::conformance
