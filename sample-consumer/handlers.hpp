// What this consumer does with a push: one line on stdout. The place to put an application's own work.
#pragma once

#include <chrono>
#include <functional>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <stop_token>
#include <string>
#include <string_view>

#include "config.hpp"

namespace consumer {

/// Takes one finished line without its line end; called on any of the worker's threads.
using LineSink = std::function<void(const std::string&)>;

/// Reads an entity again; throws when that fails or when it is to stop, so that the push is tried again. Empty: there
/// is no API to ask.
using Reread =
    std::function<prospero::webhooks::Observation(prospero::webhooks::Family, const prospero::webhooks::Uuid& org,
                                                  const prospero::webhooks::Uuid& id, const std::stop_token& stop)>;

/// Told how long each call of a handler took, re-read included; called as LineSink is.
using Took = std::function<void(std::chrono::duration<double>)>;

/// Handlers that follow the latest state of the three families, and the fallback for other webhook events. A line names
/// the webhook event, the id of the entity, its `lastUpdatedAt` and the source if there are any, what a re-read found
/// if the order of the changes is ambiguous, and the milliseconds since the push came in; never anything else of the
/// payload.
prospero::webhooks::Dispatcher make_dispatcher(LogFormat format, LineSink sink, Reread reread = {}, Took took = {});

/// At most `bytes_max` bytes of untrusted text; bytes that are not printable ASCII appear as \xNN.
std::string printable(std::string_view text, std::size_t bytes_max = 80);

}  // namespace consumer
