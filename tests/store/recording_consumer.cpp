#include "recording_consumer.hpp"

#include <httplib.h>

#include <mutex>
#include <random>
#include <thread>

namespace store_test {

struct RecordingConsumer::Impl {
  explicit Impl(std::uint64_t seed) : random(seed) {
    server.Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard lock{mutex};
      ++received[request.body];
      response.status = random() % 2 == 0 ? 200 : 500;
    });
    port = server.bind_to_any_port("127.0.0.1");
    thread = std::thread{[this] { server.listen_after_bind(); }};
  }

  httplib::Server server;
  int port = 0;
  std::thread thread;
  mutable std::mutex mutex;
  std::mt19937_64 random;
  std::map<std::string, int> received;
};

RecordingConsumer::RecordingConsumer(std::uint64_t seed) : impl_(std::make_unique<Impl>(seed)) {}

RecordingConsumer::~RecordingConsumer() {
  while (!impl_->server.is_running()) std::this_thread::yield();
  impl_->server.stop();
  impl_->thread.join();
}

std::string RecordingConsumer::url() const {
  return "http://127.0.0.1:" + std::to_string(impl_->port) + "/hook";
}

std::map<std::string, int> RecordingConsumer::received() const {
  const std::lock_guard lock{impl_->mutex};
  return impl_->received;
}

}  // namespace store_test
