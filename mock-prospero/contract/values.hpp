// Every number and fixed word of the contract, each with the clause that it comes from. The rest of the mock takes them
// from here and has none of its own.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mock::contract {

/// D1: the members of a push. Our sources show no sample, so a correction is made here and nowhere else.
struct BodyKeys {
  std::string_view event = "event";
  std::string_view data = "data";
};
inline constexpr BodyKeys body_keys{};

inline constexpr std::string_view content_type = "application/json";  ///< D2
inline constexpr std::string_view user_agent = "mock-prospero/0.1";   ///< D2

inline constexpr int success_status = 200;               ///< D3
inline constexpr std::chrono::seconds answer_within{5};  ///< D4: at 5.000 s an attempt has timed out

inline constexpr std::array<std::chrono::seconds, 3> retry_delays{
    ///< R1, R2
    std::chrono::minutes{1}, std::chrono::hours{1}, std::chrono::hours{6}};
/// R2: whose end a delay counts from. Interrupted attempts are no failures (G5).
enum class DelaysFrom : std::uint8_t { previous_failure, first_failure };
inline constexpr std::size_t attempts_max = 1 + retry_delays.size();  ///< R1, R4

inline constexpr int disable_after = 20;                ///< X2: N; 0 = never
inline constexpr std::chrono::seconds disable_span{0};  ///< X2: S

inline constexpr std::array<std::string_view, 9> webhook_events{///< E1-E9, in this order
                                                                "event.created",   "event.deleted",   "event.updated",
                                                                "invoice.created", "invoice.deleted", "invoice.updated",
                                                                "offer.created",   "offer.deleted",   "offer.updated"};
inline constexpr std::string_view draft_status = "draft";           ///< E5: only such an Invoice may be deleted
inline constexpr std::string_view archive_event = "event.updated";  ///< E11: archive and unarchive of an Event

inline constexpr int uuid_version = 1;                       ///< T1
inline constexpr std::array<std::string_view, 4> entity_keys{///< T1, T3
                                                             "id", "createdAt", "lastUpdatedAt", "orgId"};
struct ErrorKeys {
  std::string_view status = "status";
  std::string_view error = "error";
};
inline constexpr ErrorKeys error_keys{};  ///< T5

inline constexpr std::size_t in_flight_per_webhook = 10;  ///< G4
inline constexpr std::size_t in_flight_total = 256;       ///< G4: our own bound on open connections

/// G4: of the slots in all, those that only a webhook with nothing under way may take. However many others are dead, up
/// to so many webhooks have one attempt each that waits for nobody.
constexpr std::size_t slots_kept(std::size_t per_webhook, std::size_t total) {
  return per_webhook >= total ? 0 : std::min(total - per_webhook, total / 2);
}

/// The values that flags of `serve` change, as they are in force. The defaults are those of the contract.
struct Values {
  std::string content_type{contract::content_type};                                     ///< D2, --content-type
  std::string user_agent{contract::user_agent};                                         ///< D2, --user-agent
  std::vector<std::chrono::seconds> retries{retry_delays.begin(), retry_delays.end()};  ///< R1
  DelaysFrom delays_from = DelaysFrom::previous_failure;                                ///< R2, --delays-count-from
  int disable_after = contract::disable_after;                                          ///< X2, --disable-after
  std::chrono::milliseconds disable_span = contract::disable_span;                      ///< X2, --disable-span
  std::size_t in_flight_per_webhook = contract::in_flight_per_webhook;                  ///< G4, --max-in-flight
  std::size_t in_flight_total = contract::in_flight_total;                              ///< G4, --max-connections
  bool allow_local = false;                                                             ///< D6, --allow-local
  bool allow_http = false;                                                              ///< D6, --allow-http
  std::vector<std::string> allow_nets;                      ///< D6, --allow-net, in CIDR notation
  std::vector<std::string> ca_files;                        ///< D7, --ca: these replace the system's roots
  std::optional<std::string> archive_fires{archive_event};  ///< E11, --archive-fires; empty: nothing
  std::vector<std::string> without_fields;                  ///< T3, --without-fields: never `id`
  bool virtual_clock = false;                               ///< G6, --clock
  double speed = 1;                                         ///< G6, --speed
};

}  // namespace mock::contract
