#include "certificate_alarm.hpp"

#include <fmt/format.h>

#include <utility>

#include "quantity.hpp"

namespace consumer {
namespace {

constexpr std::chrono::days soon{7};
constexpr const char* advice =
    "renew it; files that change are used by themselves, or at once on SIGHUP, except copies made at the start "
    "(LoadCredential= of systemd): then restart";

}  // namespace

std::optional<CertificateAlarm::Line> CertificateAlarm::look(std::chrono::system_clock::time_point now,
                                                             std::chrono::sys_seconds expires) {
  if (std::exchange(told_of_, expires) != expires) told_ = Told::nothing;
  const auto left = std::chrono::floor<std::chrono::seconds>(expires - now);
  const Told due = left <= left.zero() ? Told::expired : left < soon ? Told::soon : Told::nothing;
  if (due <= told_) return std::nullopt;
  told_ = due;
  if (due == Told::expired)
    return Line{true, fmt::format("the certificate has expired: every push fails (D7); {}", advice)};
  return Line{false,
              fmt::format("the certificate expires in {}, and then every push fails (D7): {}", to_text(left), advice)};
}

}  // namespace consumer
