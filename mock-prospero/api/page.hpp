// The web page that the server shows at `/`: the files of api/dashboard/, compiled in. They are the same for everybody
// and hold no data, so they need no token; what they show they fetch with calls of the API.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/exchange.hpp"

namespace mock::api {

struct PageFile {
  std::string_view name;  ///< "main.js"
  std::string_view text;
};

/// All of them. Valid for the whole run.
std::span<const PageFile> page_files();

/// The answer to a call of the page: `/` is its index.html, `/dashboard/NAME` any file. Nothing for every other path.
/// The index names the other files under `prefix`: a proxy may have shown it without the last slash of its address,
/// where a relative name would lead elsewhere. Each comes with a content security policy under which only these files
/// run, and no text becomes markup. Status 405 (`Allow`) for other methods than GET and HEAD.
std::optional<Response> page_response(const std::string& method, const std::string& path,
                                      const std::string& prefix = "");

}  // namespace mock::api
