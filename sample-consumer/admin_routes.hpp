// What the admin API answers, without any HTTP library.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

namespace consumer {

struct AdminRequest {
  std::string method;
  std::string path;  ///< without the query
  std::map<std::string, std::string> query;
  std::string host;            ///< value of Host
  std::string authorization;   ///< value of Authorization
  std::string origin{};        ///< value of Origin
  std::string content_type{};  ///< value of Content-Type
  std::string body{};
};

struct AdminAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string allow;  ///< value of Allow; empty: none
};

/// {"status": n, "error": text}, the shape of every error (T5).
AdminAnswer admin_error(int status, const std::string& text);

/// Whether HOST or HOST:PORT names the machine itself, whatever a name server says.
bool is_this_machine(std::string host);

struct AdminAccess {
  std::string token;          ///< empty: none is asked for
  bool only_loopback = true;  ///< refuse any Host but this machine's own names: a web page must not read it
};

/// Thread-safe.
class AdminRoutes {
 public:
  /// The inbox must outlive it. `why_not_ready` tells why the consumer as a whole is not, in words; empty: it is.
  /// `metrics` gives the body of `/metrics`; empty: there is none. Both are called on any thread.
  AdminRoutes(prospero::webhooks::Inbox& inbox, AdminAccess access, std::function<std::string()> why_not_ready,
              std::function<std::string()> metrics = {});

  /// Whether a POST to the path has a body that answer() wants.
  static bool is_change(const std::string& path);

  AdminAnswer answer(const AdminRequest& request) const;

  /// Ends changes of many rows that are being made, and refuses those to come.
  void stop();

 private:
  AdminAnswer look(const AdminRequest& request) const;
  AdminAnswer change(const AdminRequest& request) const;
  AdminAnswer gaps() const;
  AdminAnswer readiness() const;
  AdminAnswer inbox_page(const std::map<std::string, std::string>& query) const;
  AdminAnswer witness() const;

  prospero::webhooks::Inbox& inbox_;
  AdminAccess access_;
  std::function<std::string()> why_not_ready_, metrics_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace consumer
