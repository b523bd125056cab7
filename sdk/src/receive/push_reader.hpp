// What the inbox has to know about a body.
#pragma once

#include <optional>
#include <prospero/webhooks/payload/payload.hpp>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string_view>

namespace prospero::webhooks {

/// The quarantine_reason of a body whose encoding was not undone.
extern const char* const encoded_reason;

/// Fills in event, family and entity_id from `arrival.body`, or quarantine_reason (one line that holds nothing of the
/// payload) when it is no push within the limits or came with a Content-Encoding other than `identity`. Gives what the
/// entity says of when it was last updated.
std::optional<Timestamp> describe(Arrival& arrival, std::string_view content_encoding, const ParseLimits& limits);

}  // namespace prospero::webhooks
