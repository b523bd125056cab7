// What an operator may change in an inbox: asked for by `sample-consumer inbox VERB` or through the admin API.
#pragma once

#include <chrono>
#include <cstdint>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>
#include <string_view>

namespace consumer {

struct InboxChange {
  enum class Verb { retry, replay, purge, erase } verb = Verb::retry;
  prospero::webhooks::RowSelection rows;    ///< retry, replay
  std::chrono::milliseconds older_than{0};  ///< purge
  std::string family, entity_id;            ///< erase
};

/// "retry", ...
std::string_view to_text(InboxChange::Verb verb) noexcept;

/// The body of `POST /inbox/VERB`: {"rows": [1, 2]} or {"all": "dead"|"quarantined"|"unknown"}, {"olderThanMs": n},
/// {"family": "invoice", "entityId": UUID}.
std::string to_body(const InboxChange& change);
/// The reverse. Throws ConfigError.
InboxChange inbox_change_from(const std::string& verb, const std::string& body);

/// Returns how many rows, or bodies, were changed. Throws InboxError.
std::uint64_t carry_out(const InboxChange& change, prospero::webhooks::Inbox& inbox);

/// The same through the admin API of a running consumer. Throws ConfigError with the reason that it gave.
std::uint64_t carry_out(const InboxChange& change, const std::string& admin_url, const std::string& token);

/// "invoice/UUID" into its parts. Throws ConfigError.
void set_entity(InboxChange& change, const std::string& text);

}  // namespace consumer
