// The files that `mock-prospero conform` reads and writes besides its reports.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

#include "conformance/baseline.hpp"

namespace mock::cli {

/// Every function throws std::invalid_argument, in one line that names flag and file, when something is not as it
/// should be.

/// From family to the entity in `FOLDER/event.json`, `invoice.json`, `offer.json`; at least one must be there. A file
/// holds an entity, or a whole push, of which `data` is taken.
std::map<std::string, boost::json::object> read_fixtures(const std::string& folder);

/// Every case that the file lists is one of `cases` and is not left out.
conformance::Baseline read_baseline(const std::string& path, const std::vector<conformance::SelectedCase>& cases);

/// Returns `text` if it is a UUID: 8-4-4-4-12 hex digits.
std::string checked_uuid(const std::string& text);

}  // namespace mock::cli
