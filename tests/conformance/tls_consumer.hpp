// A consumer on a real port of the loopback interface, over real TLS, whose answers a test decides.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "support/certificates.hpp"
#include "support/temp_folder.hpp"

namespace httplib {
struct Request;
struct Response;
class SSLServer;
}  // namespace httplib

namespace conformance_test {

class TlsConsumer {
 public:
  using Handler = std::function<void(TlsConsumer&, const httplib::Request&, httplib::Response&)>;

  /// Serves POST, whatever the path, until the end of this object; `handler` is called by several threads at once.
  TlsConsumer(const test_support::Certificate& certificate, Handler handler);
  ~TlsConsumer();
  TlsConsumer(const TlsConsumer&) = delete;
  TlsConsumer& operator=(const TlsConsumer&) = delete;

  std::string url() const;

  /// For handlers: waits, but not beyond the end of this object.
  void pause(std::chrono::milliseconds time);

 private:
  test_support::TempFolder folder_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::unique_ptr<httplib::SSLServer> server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace conformance_test
