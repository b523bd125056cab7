#include "api/exchange.hpp"

#include <boost/json/serialize.hpp>

#include "seeded_fault.hpp"

namespace mock::api {

Response json_response(int status, const boost::json::value& body) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(body) + '\n';
  return response;
}

Response error_response(int status, const std::string& text) {
  if (PROSPERO_FAULT(T5_a_404_has_no_body) && status == 404) return {status, "", "", {}};
  return json_response(status,
                       {{"status", status}, {PROSPERO_FAULT(T5_error_under_another_key) ? "message" : "error", text}});
}

}  // namespace mock::api
