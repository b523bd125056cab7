// Rows and gaps of the inbox as the admin API, the inbox verbs and the log show them.
#pragma once

#include <boost/json/object.hpp>
#include <prospero/webhooks/receive/inbox_types.hpp>
#include <string>

namespace consumer {

/// "2026-11-24T02:00:00.000Z"
std::string to_text(prospero::webhooks::InboxTime time);

/// "the webhook", or "the webhook of LABEL"
std::string webhook_of(const prospero::webhooks::Gap& gap);

/// What it means, and what to do.
std::string log_line(const prospero::webhooks::Gap& gap);

boost::json::object to_json(const prospero::webhooks::InboxRow& row);
boost::json::object to_json(const prospero::webhooks::Gap& gap);

}  // namespace consumer
