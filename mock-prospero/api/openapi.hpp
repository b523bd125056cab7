// The description of the API that the server gives out: api/openapi.json, compiled in.
#pragma once

#include <string_view>

namespace mock::api {

/// The file as it stands. Tests hold it to the routes and to the answers of the live server.
extern const std::string_view openapi_text;

}  // namespace mock::api
