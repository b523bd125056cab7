#include "api/exchange.hpp"

#include <boost/json/serialize.hpp>

#include "seeded_fault.hpp"

namespace mock::api {

Response json_text_response(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body) + '\n';
  return response;
}

Response json_response(int status, const boost::json::value& body) {
  return json_text_response(status, boost::json::serialize(body));
}

Response error_response(int status, const std::string& text) {
  if (PROSPERO_FAULT(T5_a_404_has_no_body) && status == 404) return {status, "", "", {}};
  return json_response(status,
                       {{"status", status}, {PROSPERO_FAULT(T5_error_under_another_key) ? "message" : "error", text}});
}

}  // namespace mock::api
