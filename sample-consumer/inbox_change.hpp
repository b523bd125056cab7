// What an operator may change in an inbox: asked for by `sample-consumer inbox VERB` or through the admin API.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>
#include <string_view>

namespace consumer {

struct InboxChange {
  enum class Verb { retry, replay, purge, erase } verb = Verb::retry;
  prospero::webhooks::RowSelection rows;                ///< retry, replay
  std::chrono::milliseconds older_than{0};              ///< purge
  std::optional<prospero::webhooks::InboxState> state;  ///< purge: only these; nothing: all but the dead
  std::string family, entity_id;                        ///< erase
};

/// "retry", ...
std::string_view to_text(InboxChange::Verb verb) noexcept;

/// The body of `POST /inbox/VERB`: {"rows": [1, 2]} or {"all": "dead"|"quarantined"|"unknown"}, {"olderThanMs": n,
/// "state": "dead"},
/// {"family": "invoice", "entityId": UUID}.
std::string to_body(const InboxChange& change);
/// The reverse. Throws ConfigError.
InboxChange inbox_change_from(const std::string& verb, const std::string& body);

struct Changed {
  std::uint64_t count = 0;       ///< rows, or bodies
  std::uint64_t unsearched = 0;  ///< erase: bodies of which nobody can tell whose they are
  std::uint64_t unreadable = 0;  ///< rows that stay as they were
};

/// Throws InboxError.
Changed carry_out(const InboxChange& change, prospero::webhooks::Inbox& inbox);

/// The same through the admin API of a running consumer. Throws ConfigError with the reason that it gave.
Changed carry_out(const InboxChange& change, const std::string& admin_url, const std::string& token);

/// Throws ConfigError for any other state.
prospero::webhooks::InboxState settled_state_from(const std::string& name);

/// "invoice/UUID" into its parts. Throws ConfigError.
void set_entity(InboxChange& change, const std::string& text);

}  // namespace consumer
