// What the admin API answers, without any HTTP library.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <string>

namespace consumer {

struct AdminRequest {
  std::string method;
  std::string path;  ///< without the query
  std::map<std::string, std::string> query;
  std::string host;           ///< value of Host
  std::string authorization;  ///< value of Authorization
};

struct AdminAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::string allow;  ///< value of Allow; empty: none
};

/// {"status": n, "error": text}, the shape of every error (T5).
AdminAnswer admin_error(int status, const std::string& text);

struct AdminAccess {
  std::string token;          ///< empty: none is asked for
  bool only_loopback = true;  ///< refuse any Host but this machine's own names: a web page must not read it
};

/// What the routes tell beside the inbox. Each may be empty; each is called on any thread.
struct AdminSources {
  std::function<std::string()> metrics;  ///< the body of `/metrics`; empty: there is none
  /// Why the consumer is not ready although its inbox takes a commit; nothing when it is.
  std::function<std::optional<std::string>()> unready;
};

/// Thread-safe.
class AdminRoutes {
 public:
  /// The inbox must outlive it. `draining` tells whether the consumer is on its way out.
  AdminRoutes(prospero::webhooks::Inbox& inbox, AdminAccess access, std::function<bool()> draining,
              AdminSources sources = {});

  AdminAnswer answer(const AdminRequest& request) const;

 private:
  AdminAnswer readiness() const;
  AdminAnswer inbox_page(const std::map<std::string, std::string>& query) const;
  AdminAnswer witness() const;

  prospero::webhooks::Inbox& inbox_;
  AdminAccess access_;
  std::function<bool()> draining_;
  AdminSources sources_;
};

}  // namespace consumer
