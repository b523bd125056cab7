// Recorded payloads as files, for the conformance suite (`mock-prospero conform --fixtures DIR`) and for tests.
#pragma once

#include <iosfwd>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

namespace consumer {

/// Writes DIR/event.json, DIR/invoice.json and DIR/offer.json, as far as the inbox has a push of that family: the
/// newest one, byte for byte, a deleted entity's only when there is no other; mode 0600. Says what was written. Throws
/// ConfigError.
void export_fixtures(prospero::webhooks::InboxView& inbox, const std::string& folder, std::ostream& out);

}  // namespace consumer
