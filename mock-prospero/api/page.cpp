#include "api/page.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mock::api {
namespace {

constexpr std::string_view index_name = "index.html";
constexpr std::string_view folder = "/dashboard/";

// Trusted types make the browser refuse every assignment of text to markup, also one that we would write by mistake.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> content_types{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
}};

std::string_view content_type_of(std::string_view name) {
  const auto type = std::find_if(content_types.begin(), content_types.end(),
                                 [&](const auto& one) { return name.ends_with(one.first); });
  return type == content_types.end() ? "text/plain; charset=utf-8" : type->second;
}

const PageFile* find_file(std::string_view path) {
  const auto files = page_files();
  const auto name = path == "/"                ? index_name
                    : path.starts_with(folder) ? path.substr(folder.size())
                                               : std::string_view{};
  const auto file = std::find_if(files.begin(), files.end(), [&](const PageFile& one) { return one.name == name; });
  return file == files.end() ? nullptr : &*file;
}

std::string index_under(const std::string& prefix, std::string_view text) {
  constexpr std::string_view name = "\"dashboard/";
  std::string index;
  for (auto at = text.find(name); at != text.npos; at = text.find(name)) {
    index.append(text.substr(0, at)).append("\"").append(prefix).append(folder);
    text.remove_prefix(at + name.size());
  }
  return index.append(text);
}

}  // namespace

std::optional<Response> page_response(const std::string& method, const std::string& path, const std::string& prefix) {
  const auto* file = find_file(path);
  if (file == nullptr) return std::nullopt;
  if (method != "GET" && method != "HEAD") {
    auto refused = error_response(405, "this path has GET, HEAD only");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  Response response;
  response.body = file->name == index_name ? index_under(prefix, file->text) : std::string{file->text};
  response.content_type = content_type_of(file->name);
  response.headers = {{"Content-Security-Policy", std::string{policy}},
                      {"Cross-Origin-Opener-Policy", "same-origin"},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Frame-Options", "DENY"}};
  return response;
}

}  // namespace mock::api
