#include "delivery/types.hpp"

namespace mock::delivery {

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::bad_status:
      return "bad_status";
    case Outcome::timeout:
      return "timeout";
    case Outcome::unreachable:
      return "unreachable";
    case Outcome::not_http:
      return "not_http";
    case Outcome::tls_error:
      return "tls_error";
    case Outcome::refused_address:
      return "refused_address";
    case Outcome::interrupted:
      return "interrupted";
  }
  return "?";
}

std::string_view to_text(State state) {
  switch (state) {
    case State::pending:
      return "pending";
    case State::delivered:
      return "delivered";
    case State::abandoned:
      return "abandoned";
    case State::dropped:
      return "dropped";
  }
  return "?";
}

bool is_lost(State state) {
  switch (state) {
    case State::pending:
    case State::delivered:
      return false;
    case State::abandoned:
    case State::dropped:
      return true;
  }
  return false;
}

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::disabled:
      return "disabled";
    case Reason::deleted:
      return "deleted";
    case Reason::retries_exhausted:
      return "retries_exhausted";
    case Reason::webhook_disabled_before:
      return "webhook_disabled_before";
  }
  return "?";
}

}  // namespace mock::delivery
