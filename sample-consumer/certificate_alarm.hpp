// When the certificate that the consumer serves with expires, or has expired.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace consumer {

/// Not thread-safe.
class CertificateAlarm {
 public:
  struct Line {
    bool has_expired;
    std::string text;
  };

  /// The line to log now: one when fewer than 7 days are left, one when none is; again for a certificate that ends at
  /// another time.
  std::optional<Line> look(std::chrono::system_clock::time_point now, std::chrono::sys_seconds expires);

 private:
  enum class Told { nothing, soon, expired };
  Told told_ = Told::nothing;
  std::chrono::sys_seconds told_of_{};
};

}  // namespace consumer
