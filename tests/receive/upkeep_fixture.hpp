// What the tests of an operator's work on an inbox share.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fixture.hpp"

namespace receive_test {

using pw::InboxState;

inline const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";

inline std::string push_body(const std::string& note) {
  return R"({"event":"invoice.updated","data":{"id":")" + id + R"(","note":")" + note + R"("}})";
}

inline pw::InboxTime soon() {
  return received_at() + std::chrono::hours{1};
}

inline std::uint64_t settle_next(pw::Inbox& inbox, InboxState state, bool called = true) {
  const auto taken = inbox.take(soon());
  BOOST_REQUIRE(taken);
  auto result = handed(state);
  result.called = called;
  BOOST_TEST(inbox.finish(taken->row.seq, result).durable());
  return taken->row.seq;
}

inline pw::RowSelection rows(std::vector<std::uint64_t> seqs) {
  return {pw::RowSelection::Kind::named, std::move(seqs)};
}

inline std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const pw::InboxError& error) {
    return error.what();
  }
  return "not refused";
}

}  // namespace receive_test
