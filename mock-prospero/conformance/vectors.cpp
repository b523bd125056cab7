#include "conformance/vectors.hpp"

#include <openssl/evp.h>

#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <stdexcept>
#include <string_view>

#include "conformance/dry_run.hpp"

namespace mock::conformance {
namespace {

namespace json = boost::json;

constexpr int schema = 1;
constexpr std::string_view writer = "mock-prospero conform --export";

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

// As they are sent, all of them: a unit test of a parser needs no others.
std::vector<std::string> header_lines(const WireRequest& request) {
  std::vector<std::string> lines{request.host_name + ": $HOST"};
  lines.insert(lines.end(), request.headers.begin(), request.headers.end());
  switch (request.framing) {
    case Framing::counted:
      lines.push_back(fmt::format("Content-Length: {}", request.body.size()));
      break;
    case Framing::chunked:
      lines.emplace_back("Transfer-Encoding: chunked");
      break;
    case Framing::none:
      break;
  }
  return lines;
}

std::string_view to_text(Framing framing) {
  switch (framing) {
    case Framing::counted:
      return "counted";
    case Framing::chunked:
      return "chunked";
    case Framing::none:
      return "none";
  }
  return "";
}

json::array piece_sizes(const WireRequest& request) {
  json::array sizes;
  const auto piece = request.piece_bytes == 0 ? request.body.size() : request.piece_bytes;
  for (std::size_t at = 0; at < request.body.size(); at += piece)
    sizes.push_back(std::min(piece, request.body.size() - at));
  return sizes;
}

std::string_view verdict_on(const WireRequest& request, bool free) {
  if (free) return "any";
  return request.method == "POST" && request.where == Where::hook ? "200" : "not 200";
}

json::object to_json(const WireRequest& request, bool free) {
  json::object out;
  out["method"] = request.method;
  out["path"] = request.where == Where::hook ? "hook" : "other";
  out["headers"] = header_pairs(header_lines(request));
  out["framing"] = to_text(request.framing);
  out["pieces"] = piece_sizes(request);
  out["pauseMs"] = std::chrono::duration_cast<std::chrono::milliseconds>(request.piece_pause).count();
  const bool text = is_utf8(request.body);
  out["body"] = text ? json::value(request.body) : json::value(nullptr);
  out["bodyBase64"] = text ? json::value(nullptr) : json::value(base64(request.body));
  out["verdict"] = verdict_on(request, free);
  return out;
}

std::string file_of(const RecordedCase& recorded) {
  const auto& subject = *recorded.definition;
  json::object out;
  out["schema"] = schema;
  out["id"] = subject.id;
  out["clause"] = subject.clause;
  out["strength"] = to_text(subject.strength);
  out["title"] = subject.title;
  out["requirement"] = subject.requirement;
  json::array requests;
  for (const auto& request : recorded.requests) {
    requests.push_back(to_json(request, requests.size() < subject.free_answers));
  }
  out["requests"] = std::move(requests);
  return json::serialize(out) + "\n";
}

json::object index_of(std::uint64_t seed, json::array files, json::array left_out) {
  json::object index;
  index["schema"] = schema;
  index["writtenBy"] = writer;
  index["seed"] = seed;
  index["files"] = std::move(files);
  index["leftOut"] = std::move(left_out);
  return index;
}

bool is_file_of_ours(const json::value& name) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  const auto* const text = name.if_string();
  return text != nullptr && text->ends_with(".json") && !text->starts_with(".") &&
         std::string_view(*text).find_first_not_of(plain) == std::string_view::npos;
}

}  // namespace

Vectors vectors(const Plan& plan) {
  Vectors made;
  json::array files, left_out;
  const auto leave_out = [&](const Case& subject, std::string_view reason) {
    left_out.push_back(json::object{{"id", subject.id}, {"reason", reason}});
  };
  auto with_vector = plan;
  std::erase_if(with_vector.cases, [](const auto& selected) { return !selected.definition->no_vector.empty(); });
  for (const auto& selected : plan.cases) {
    const auto& subject = *selected.definition;
    if (!subject.no_vector.empty() || selected.left_out) {
      leave_out(subject, selected.left_out ? "left out by --skip" : subject.no_vector);
    }
  }
  for (const auto& recorded : record(with_vector)) {
    if (!recorded.why_not.empty()) {
      leave_out(*recorded.definition, recorded.why_not);
      continue;
    }
    const auto name = recorded.definition->id + ".json";
    files.emplace_back(name);
    made.files.emplace(name, file_of(recorded));
  }
  made.left_out = left_out.size();
  made.index = json::serialize(index_of(plan.seed, std::move(files), std::move(left_out))) + "\n";
  return made;
}

std::vector<std::string> files_of_index(std::string_view text) {
  boost::system::error_code error;
  const auto parsed = json::parse(text, error);
  const auto* const index = error ? nullptr : parsed.if_object();
  const auto* const by = index != nullptr ? index->if_contains("writtenBy") : nullptr;
  const auto* const files = index != nullptr ? index->if_contains("files") : nullptr;
  if (by == nullptr || !by->is_string() || by->get_string() != writer || files == nullptr || !files->is_array()) {
    throw std::invalid_argument("no index of an earlier --export: choose another folder, or move this file away");
  }
  std::vector<std::string> names;
  for (const auto& name : files->get_array()) {
    if (is_file_of_ours(name)) names.emplace_back(name.get_string());
  }
  return names;
}

}  // namespace mock::conformance
