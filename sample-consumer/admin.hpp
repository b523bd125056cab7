// The admin API on a port of its own: plain HTTP, for the operator and the conformance suite, never for Prospero.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "admin_routes.hpp"
#include "config.hpp"

namespace consumer {

class AdminServer {
 public:
  /// Serves at once, on threads of its own. `routes` must outlive it. Throws ConfigError when the port cannot be had.
  /// @param request_max total, from a connection to the last byte of its request; then it is closed
  AdminServer(const AdminRoutes& routes, const Endpoint& endpoint,
              std::chrono::milliseconds request_max = std::chrono::seconds(5));
  ~AdminServer();  ///< answers under way are still sent, if the client takes them within a second
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  std::uint16_t port() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace consumer
