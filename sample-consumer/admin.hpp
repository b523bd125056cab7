// The admin API on a port of its own: plain HTTP, for the operator and the conformance suite, never for Prospero.
#pragma once

#include <cstdint>
#include <memory>

#include "admin_routes.hpp"
#include "config.hpp"

namespace consumer {

class AdminServer {
 public:
  /// Serves at once, on threads of its own. `routes` must outlive it. Throws ConfigError when the port cannot be had.
  AdminServer(const AdminRoutes& routes, const Endpoint& endpoint);
  ~AdminServer();
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;

  std::uint16_t port() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace consumer
