// A listener on a port chosen by the system, with an inbox in memory behind it.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <string>
#include <utility>
#include <vector>

#include "passing_inbox.hpp"
#include "support/certificates.hpp"
#include "support/temp_folder.hpp"

namespace listener_test {

namespace pw = prospero::webhooks;

inline const std::string hook = "/hook/secret";
inline const std::string body = R"({"event":"offer.updated","data":{"id":"5d1c2f80-c93e-11f0-8de9-0242ac120002"}})";

/// Holds back the answers of another inbox until told to let them go.
class HoldingInbox : public receive_test::PassingInbox {
 public:
  using PassingInbox::PassingInbox;

  void store(pw::Arrival arrival, Stored done) override {
    const std::lock_guard lock(mutex_);
    held_.emplace_back(std::move(arrival), std::move(done));
    changed_.notify_all();
  }
  void wait_until_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [&] { return held_.size() >= count; }))
      throw std::runtime_error("the pushes never reached the inbox");
  }
  void let_go() {  ///< newest first: answers must keep their own order
    std::vector<std::pair<pw::Arrival, Stored>> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto one = held.rbegin(); one != held.rend(); ++one)
      PassingInbox::store(std::move(one->first), std::move(one->second));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<pw::Arrival, Stored>> held_;
};

inline pw::ReceiverOptions receiver_options() {
  pw::ReceiverOptions options;
  options.hooks = {{hook, ""}};
  options.body_bytes_max = 1u << 20;
  return options;
}

/// Plain HTTP unless the options name a certificate.
struct Server {
  std::unique_ptr<pw::Inbox> inbox = pw::open_inbox("memory:");
  HoldingInbox holding{*inbox};
  pw::Receiver receiver;
  pw::Listener listener;

  explicit Server(pw::ListenerOptions options = {}, bool hold = false)
      : receiver(hold ? static_cast<pw::Inbox&>(holding) : *inbox, receiver_options()),
        listener(receiver, std::move(options)) {
    listener.start();
  }
};

/// A certificate for localhost in files, and the authority that signed it.
struct Pki {
  test_support::TempFolder folder;
  test_support::CertificateAuthority ca;
  pw::ListenerOptions options;

  Pki() {
    const auto leaf = ca.issue();
    options.certificate_file = test_support::write_pem(folder.file("cert.pem"), leaf.pem);
    options.key_file = test_support::write_pem(folder.file("key.pem"), leaf.key_pem);
  }
};

/// Looks again and again, for 20 s, until `holds`.
template <class F>
bool eventually(F holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds())
    if (std::chrono::steady_clock::now() > deadline) return false;
  return true;
}

}  // namespace listener_test
