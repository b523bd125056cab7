#include "conformance/vectors.hpp"

#include <openssl/evp.h>

#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "conformance/dry_run.hpp"
#include "contract/values.hpp"

namespace mock::conformance {
namespace {

namespace json = boost::json;

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const auto size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// Boost.JSON writes bytes as they are and reads UTF-8 only.
bool is_utf8(const std::string& bytes) {
  boost::system::error_code error;
  json::parse(json::serialize(json::string(bytes)), error);
  return !error;
}

json::array header_pairs(const std::vector<std::string>& lines) {
  json::array pairs;
  for (const auto& line : lines) {
    const auto colon = line.find(':');
    const auto value = line.find_first_not_of(' ', colon + 1);
    pairs.push_back(json::array{line.substr(0, colon), value == std::string::npos ? "" : line.substr(value)});
  }
  return pairs;
}

json::object to_json(const RecordedRequest& request) {
  json::object out;
  out["headers"] = header_pairs(request.headers);
  out["body"] = is_utf8(request.body) ? json::value(request.body) : json::value(nullptr);
  out["bodyBase64"] = base64(request.body);
  return out;
}

std::string file_of(const Case& subject, const std::vector<RecordedRequest>& requests) {
  json::object out;
  out["schema"] = 1;
  out["id"] = subject.id;
  out["clause"] = subject.clause;
  out["strength"] = to_text(subject.strength);
  out["title"] = subject.title;
  out["requirement"] = subject.requirement;
  out["status"] = contract::success_status;
  json::array pushes;
  for (const auto& request : requests) pushes.push_back(to_json(request));
  out["requests"] = std::move(pushes);
  return json::serialize(out) + "\n";
}

}  // namespace

std::map<std::string, std::string> vectors(const Plan& plan) {
  auto handled = plan;
  std::erase_if(handled.cases, [](const SelectedCase& selected) {
    const auto& needs = selected.definition->needs;
    return selected.definition->stage == Stage::load || needs.disruptive || needs.level != Level::black_box;
  });
  std::map<std::string, std::string> files;
  for (auto& [definition, requests] : record(handled)) {
    std::erase_if(requests, [](const RecordedRequest& request) { return !request.asks_for_200; });
    if (!requests.empty()) files.emplace(definition->id + ".json", file_of(*definition, requests));
  }
  return files;
}

}  // namespace mock::conformance
