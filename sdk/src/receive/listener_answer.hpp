// The bytes of an answer. Pure.
#pragma once

#include <ctime>
#include <string>

#include <prospero/webhooks/receive/receiver.hpp>

namespace prospero::webhooks::detail {

/// "Tue, 24 Nov 2026 06:31:33 GMT", whatever the locale.
std::string http_date(std::time_t now);

/// HTTP/1.1 head and body. `close` announces the end of the connection; the answer to a HEAD has no body.
std::string to_bytes(const Response& response, std::time_t now, bool close, bool to_head_request);

}  // namespace prospero::webhooks::detail
