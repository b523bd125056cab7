// A loop with a transport on it, names of the test's own, and servers that answer by script.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "support/certificates.hpp"
#include "support/raw_server.hpp"
#include "support/temp_folder.hpp"
#include "transport/transport.hpp"

namespace transport_test {

/// Answers from a table; a name that is not in it is unknown.
class TableLookup : public mock::transport::NameLookup {
 public:
  explicit TableLookup(boost::asio::io_context& io) : io_(io) {}
  void add(const std::string& host, const std::vector<std::string>& addresses);
  std::function<void()> when_asked = [] {};
  std::unique_ptr<mock::transport::PendingLookup> resolve(const std::string& host, Done done) override;

 private:
  boost::asio::io_context& io_;
  std::map<std::string, std::vector<mock::transport::Address>> table_;
};

/// The policy of a run with --allow-local.
mock::transport::UrlPolicy local_policy();

/// Made once for the whole program: keys take time.
const test_support::CertificateAuthority& authority();
const test_support::Certificate& good_leaf();

class Loop {
 public:
  explicit Loop(mock::transport::UrlPolicy policy = local_policy(), mock::transport::PushFields fields = {});

  boost::asio::io_context io;
  TableLookup names;

  /// A TLS server with the good leaf, on 127.0.0.1.
  test_support::RawServer& serve(test_support::Script script);
  test_support::RawServer& serve(test_support::Script script, test_support::RawServerOptions options);

  /// https://127.0.0.1:PORT/hook/secret of that server.
  static std::string url_of(const test_support::RawServer& server, const std::string& host = "127.0.0.1");

  /// Starts an attempt; its result is in the list that run() returns, in the order of the calls.
  void post(const std::string& url, const std::string& body = R"({"event":"event.created","data":{}})");
  std::vector<mock::delivery::AttemptResult> run();
  mock::delivery::AttemptResult push(const std::string& url);  ///< post() and run() of one

  mock::transport::HttpTransport& transport() { return *transport_; }
  const std::string& ca_file() const { return ca_file_; }

 private:
  test_support::TempFolder folder_;
  std::string ca_file_;
  std::unique_ptr<mock::transport::HttpTransport> transport_;
  std::vector<std::unique_ptr<test_support::RawServer>> servers_;
  std::vector<mock::delivery::AttemptResult> results_;
  std::size_t ended_ = 0;
};

}  // namespace transport_test
