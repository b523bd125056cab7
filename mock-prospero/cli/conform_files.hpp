// The files that `mock-prospero conform` reads and writes besides its reports.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "conformance/baseline.hpp"

namespace mock::cli {

/// Every function throws std::invalid_argument, in one line that names flag and file, when something is not as it
/// should be.

/// From family to the entity in `FOLDER/event.json`, `invoice.json`, `offer.json`; at least one must be there. A file
/// holds an entity, or a whole push, of which `data` is taken.
std::map<std::string, boost::json::object> read_fixtures(const std::string& folder);

conformance::Baseline read_baseline(const std::string& path);

/// Returns `text` if it is a UUID: 8-4-4-4-12 hex digits.
std::string checked_uuid(const std::string& text);

/// Writes every file into `folder`, which is made if it is missing.
void write_files(const std::string& folder, const std::map<std::string, std::string>& files);

}  // namespace mock::cli
