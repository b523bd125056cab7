#include "tls_consumer.hpp"

#include <httplib.h>

#include <stdexcept>

namespace conformance_test {

TlsConsumer::TlsConsumer(const test_support::Certificate& certificate, Handler handler) {
  const auto certificate_file = test_support::write_pem(folder_.file("cert.pem"), certificate.pem);
  const auto key_file = test_support::write_pem(folder_.file("key.pem"), certificate.key_pem);
  server_ = std::make_unique<httplib::SSLServer>(certificate_file.c_str(), key_file.c_str());
  server_->new_task_queue = [] { return new httplib::ThreadPool(24); };  // as many as a burst has pushes, and more
  server_->set_keep_alive_max_count(1);
  server_->Post(".*",
                [this, handler = std::move(handler)](const httplib::Request& request, httplib::Response& response) {
                  handler(*this, request, response);
                });
  port_ = server_->bind_to_any_port("127.0.0.1");
  if (port_ <= 0) throw std::runtime_error("cannot open a port on 127.0.0.1");
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::yield();
}

TlsConsumer::~TlsConsumer() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  ended_.notify_all();
  server_->stop();
  thread_.join();
}

std::string TlsConsumer::url() const {
  return "https://127.0.0.1:" + std::to_string(port_) + "/hook/secret-1f3870be274f6c49b3e31a0c6728957f";
}

void TlsConsumer::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  ended_.wait_for(lock, time, [this] { return ending_; });
}

}  // namespace conformance_test
