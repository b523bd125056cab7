#include "world/date_time.hpp"

#include <fmt/core.h>

#include "seeded_fault.hpp"

namespace mock::world {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::milliseconds;

std::string clock_text(std::chrono::seconds of_day) {
  const std::chrono::hh_mm_ss parts{of_day};
  return fmt::format("{:02}:{:02}:{:02}", parts.hours().count(), parts.minutes().count(), parts.seconds().count());
}

}  // namespace

std::string date_text(Instant at) {
  const std::chrono::year_month_day date{floor<days>(at)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string time_text(Instant at) {
  return clock_text(floor<std::chrono::seconds>(at - floor<days>(at)));
}

std::string date_time_text(Instant at) {
  return date_text(at) + (PROSPERO_FAULT(T2_blank_instead_of_t) ? ' ' : 'T') + time_text(at) +
         (PROSPERO_FAULT(T2_times_have_a_fraction) ? ".000Z" : "Z");
}

std::string milli_time_text(Instant at) {
  const auto fraction = floor<milliseconds>(at - floor<std::chrono::seconds>(at)).count();
  return fmt::format("{}T{}.{:03}Z", date_text(at), time_text(at), fraction);
}

}  // namespace mock::world
