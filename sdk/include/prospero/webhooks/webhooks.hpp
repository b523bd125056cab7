/// @file
/// All of the library. The headers are its manual; in the order to read them:
///
///   payload/payload.hpp      bytes of a push in, typed payload out: parse()
///   payload/entity.hpp       CalendarEvent, Invoice, Offer
///   payload/types.hpp        Uuid, Timestamp, Date, TimeOfDay
///   payload/event.hpp        the names of webhook events
///   payload/error.hpp        why bytes are not a push
///   payload/limits.hpp       how much is read at most
///   payload/raw_json.hpp     fields that are passed through
///   payload/bind.hpp         entities as the application's own types
///   payload/dispatcher.hpp   from a payload to the handler for it
///   payload/delivery.hpp     what a handler is told beside the payload
///   receive/receiver.hpp     from a request to the status that Prospero gets
///   receive/inbox.hpp        where a push is safe before that answer: open_inbox()
///   receive/freshness.hpp    what can be known about the order of an entity's changes
///   receive/gaps.hpp         what may have been missed
///   receive/worker.hpp       from the inbox to the dispatcher, afterwards
///   receive/done_mark.hpp    exactly once, through the application's own database
///   receive/listener.hpp     the HTTPS end
///   receive/metrics.hpp      figures to watch it with
///
/// Not included here: receive/httplib.hpp (for an app that has an httplib::Server) and testing/ (for an app's tests).
#pragma once

/// What belongs to the company Prospero.
namespace prospero {
/// The SDK for consumers of its webhooks.
namespace webhooks {
/// For the tests of an application: pushes that nobody sent.
namespace testing {}
}  // namespace webhooks
}  // namespace prospero

#include <prospero/webhooks/payload/bind.hpp>
#include <prospero/webhooks/payload/delivery.hpp>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <prospero/webhooks/payload/entity.hpp>
#include <prospero/webhooks/payload/error.hpp>
#include <prospero/webhooks/payload/event.hpp>
#include <prospero/webhooks/payload/limits.hpp>
#include <prospero/webhooks/payload/payload.hpp>
#include <prospero/webhooks/payload/raw_json.hpp>
#include <prospero/webhooks/payload/types.hpp>
#include <prospero/webhooks/receive/done_mark.hpp>
#include <prospero/webhooks/receive/freshness.hpp>
#include <prospero/webhooks/receive/gaps.hpp>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/metrics.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <prospero/webhooks/receive/worker.hpp>
