// The programs under test as objects: started with what every case needs, stopped at its end.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/child_process.hpp"
#include "support/temp_folder.hpp"

namespace e2e {

using Args = std::vector<std::string>;

std::string program(const std::string& name);  ///< path of a built program

/// sample-consumer with its own certificate authority and inbox in `folder`. Restarting keeps both.
class Consumer {
 public:
  explicit Consumer(const test_support::TempFolder& folder, Args more = {}, const std::string& port = "0");

  const std::string& url() const noexcept { return url_; }
  std::string port() const;
  std::string admin_port() const;
  /// The JSON answer of its admin API.
  boost::json::value admin(const std::string& path) const;
  /// Its status and its answer as they are.
  std::pair<int, std::string> admin_page(const std::string& path) const;
  test_support::ChildProcess& process() noexcept { return *process_; }

 private:
  std::unique_ptr<test_support::ChildProcess> process_;
  std::string url_, admin_;
};

/// tests/bad-consumers with the certificate that a Consumer made in `folder`.
class BadConsumer {
 public:
  BadConsumer(const test_support::TempFolder& folder, Args flags);
  const std::string& url() const noexcept { return url_; }

 private:
  std::unique_ptr<test_support::ChildProcess> process_;
  std::string url_;
};

/// `mock-prospero serve`, in memory, trusting the certificate authority in `folder`.
class Mock {
 public:
  Mock(const test_support::TempFolder& folder, Args more);

  boost::json::value get(const std::string& path) const;
  boost::json::value post(const std::string& path, const boost::json::value& body) const;  ///< 2xx or an exception

  std::string organization() const;
  std::string webhook(const std::string& org, const std::string& url, const std::string& event) const;
  void trigger(const std::string& org, const std::string& event) const;
  /// The webhook's deliveries, newest first or whatever the API's order is.
  boost::json::array deliveries(const std::string& webhook) const;
  test_support::ChildProcess& process() noexcept { return *process_; }
  /// Asks again until the webhook's only delivery has ended; throws after 20 s.
  boost::json::object ended_delivery(const std::string& webhook) const;

 private:
  std::unique_ptr<test_support::ChildProcess> process_;
  std::string api_;
};

/// `mock-prospero push URL ...` and `conform URL ...` with the flags that loopback and `folder`'s authority need.
test_support::Finished push(const test_support::TempFolder& folder, const std::string& url, Args more);
test_support::Finished conform(const test_support::TempFolder& folder, const std::string& url, Args more = {});

/// Runs `holds` again and again until it is true; throws std::runtime_error naming `what` after 20 s.
template <class F>
void eventually(const std::string& what, F holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("never happened: " + what);
  }
}

}  // namespace e2e
