// What the tests of the receiving end share: arrivals, waiting for a commit.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

#include "identity.hpp"
#include "support/temp_folder.hpp"

namespace receive_test {

namespace pw = prospero::webhooks;

using test_support::TempFolder;

inline pw::InboxTime at(std::int64_t milliseconds) {
  return pw::InboxTime{std::chrono::milliseconds{milliseconds}};
}

/// When the arrivals of this run came in: young enough for every retention.
inline pw::InboxTime received_at() {
  static const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return now;
}

inline pw::Arrival arrival(const std::string& body, std::optional<std::string> entity_id = std::nullopt,
                           const std::string& source = "") {
  pw::Arrival one;
  one.identity = pw::identity_of(body);
  one.source = source;
  one.event = entity_id ? "invoice.updated" : "weather.changed";
  if (entity_id) one.family = "invoice";
  one.entity_id = std::move(entity_id);
  one.received_at = received_at();
  one.body = body;
  return one;
}

inline pw::Arrival malformed(const std::string& body) {
  pw::Arrival one = arrival(body);
  one.event = std::nullopt;
  one.quarantine_reason = "not JSON";
  return one;
}

inline pw::StoreResult store(pw::Inbox& inbox, pw::Arrival one) {
  const auto stored = std::make_shared<std::promise<pw::StoreResult>>();
  auto result = stored->get_future();
  inbox.store(std::move(one), [stored](const pw::StoreResult& done) { stored->set_value(done); });
  return result.get();
}

inline pw::HandOver handed(pw::InboxState state) {
  pw::HandOver result;
  result.state = state;
  return result;
}

/// Runs a check on an inbox in memory and on one in a file: both must answer alike.
inline void on_both_inboxes(const std::function<void(pw::Inbox&)>& check) {
  const TempFolder folder;
  for (const std::string& url : {std::string{"memory:"}, "sqlite:" + folder.file("inbox.db")}) {
    BOOST_TEST_CONTEXT(url.substr(0, url.find(':'))) {
      const auto inbox = pw::open_inbox(url);
      check(*inbox);
    }
  }
}

}  // namespace receive_test
