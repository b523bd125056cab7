#include "service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <prospero/webhooks/receive/worker.hpp>
#include <utility>

#include "admin.hpp"
#include "entity_api.hpp"
#include "inbox_json.hpp"
#include "secret_file.hpp"
#include "self_signed.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;

pw::ReceiverOptions receiver_options(const Config& config) {
  pw::ReceiverOptions options;
  options.hooks = config.hooks;
  if (options.hooks.empty()) options.hooks.push_back({kept_hook_path(config.inbox_url), ""});
  options.on_unstored = [](const std::string& reason) { spdlog::error("a push was answered 503: {}", reason); };
  options.on_kept_aside = [](const std::string& reason) {
    spdlog::warn("a push was answered 200 and kept aside, no handler will see it: {}", printable(reason));
  };
  return options;
}

pw::ListenerOptions listener_options(const Config& config) {
  pw::ListenerOptions options;
  options.address = config.listen.address;
  options.port = config.listen.port;
  options.certificate_file = config.certificate_file;
  options.key_file = config.key_file;
  if (!config.self_signed_folder.empty()) {
    const SelfSigned files = self_signed(config.self_signed_folder);
    options.certificate_file = files.certificate_file;
    options.key_file = files.key_file;
  }
  return options;
}

void log_row(const pw::InboxRow& row) {
  switch (row.state) {
    case pw::InboxState::pending:
      return spdlog::warn("inbox row {}: handler failed, try {}: {}", row.seq, row.tries, printable(row.error));
    case pw::InboxState::dead:
      return spdlog::error("inbox row {}: given up after {} tries: {}", row.seq, row.tries, printable(row.error));
    case pw::InboxState::quarantined:
      return spdlog::warn("inbox row {}: kept aside: {}", row.seq, printable(row.error));
    case pw::InboxState::processed:
    case pw::InboxState::copy:
      return;
  }
}

pw::InboxOptions inbox_options(const Config& config) {
  pw::InboxOptions options;
  options.retention = config.retention;
  options.size_bytes_max = config.inbox_bytes_max;
  options.on_alarm = [](const std::string& what) { spdlog::warn("{}", what); };
  return options;
}

void warn_about_gap(pw::InboxTime from, pw::InboxTime to, pw::GapReason reason) {
  switch (reason) {
    case pw::GapReason::down:
      return spdlog::warn(
          "pushes of {} to {} may be lost, the consumer was down for every attempt (R4): list in "
          "Prospero's API what changed since then",
          to_text(from), to_text(to));
    case pw::GapReason::may_be_disabled:
      return spdlog::warn(
          "no push from {} to {}: the webhook may have been disabled (X1); ask Prospero's staff, and "
          "list in Prospero's API what changed since then",
          to_text(from), to_text(to));
  }
}

Reread rereading(const Config& config) {
  if (config.api_url.empty()) return {};
  return [api = EntityApi(config.api_url, config.api_token)](pw::Family family, const pw::Uuid& org,
                                                             const pw::Uuid& id) { return api.read(family, org, id); };
}

pw::WorkerOptions worker_options(const Config& config) {
  pw::WorkerOptions options;
  options.threads = config.workers;
  options.on_handled = log_row;
  options.on_trouble = [](const std::string& what) { spdlog::error("inbox: {}", what); };
  options.handler_time_max = config.handler_time_max;
  options.on_gap = warn_about_gap;
  return options;
}

void warn_about_http(const Endpoint& listen) {
  spdlog::warn("--http: Prospero pushes to https only, so a proxy that speaks TLS has to stand before this port");
  if (!listen.is_loopback())
    spdlog::warn("--http on {}: whoever is between the proxy and here can read the secret path", listen.address);
}

}  // namespace

struct Service::Impl {
  Config config;
  std::unique_ptr<pw::Inbox> inbox;
  pw::Receiver receiver;
  pw::Listener listener;
  pw::Dispatcher dispatcher;
  std::atomic<bool> draining = false;
  AdminRoutes routes;
  Ready ready;
  std::optional<AdminServer> admin;
  std::mutex worker_mutex;
  std::optional<pw::Worker> worker;

  Impl(Config given, LineSink sink)
      : config(std::move(given)),
        inbox(pw::open_inbox(config.inbox_url, inbox_options(config))),
        receiver(*inbox, receiver_options(config)),
        listener(receiver, listener_options(config)),
        dispatcher(make_dispatcher(config.log_format, std::move(sink), rereading(config))),
        routes(*inbox, {config.admin_token, config.admin.is_loopback()}, [this] { return why_not_ready(); }) {}

  std::string why_not_ready() {
    if (draining) return "stopping";
    const std::lock_guard hold(worker_mutex);
    if (worker && !worker->ready()) return fmt::format("{} handlers have outlived --handler-time", worker->parked());
    return {};
  }

  void serve() {
    if (config.plain_http) warn_about_http(config.listen);
    listener.start();
    const std::string base =
        fmt::format("{}://{}", config.plain_http ? "http" : "https", config.listen.url_authority(listener.port()));
    ready.url = base + receiver.options().hooks.front().path;
    ready.shown_url = config.ready_file.empty() ? ready.url : base + "/***";
    if (config.has_admin) {
      admin.emplace(routes, config.admin);
      ready.admin_url = fmt::format("http://{}/", config.admin.url_authority(admin->port()));
    }
    if (!config.ready_file.empty()) replace_secret_file(config.ready_file, ready.url + "\n");
    spdlog::info("listening on {} port {}, {} path(s), {} worker(s), inbox {}", config.listen.address, listener.port(),
                 receiver.options().hooks.size(), config.workers, config.inbox_url);
  }
};

Service::Service(Config config, LineSink sink) : impl_(std::make_unique<Impl>(std::move(config), std::move(sink))) {
  impl_->serve();
}

Service::~Service() {
  stop(std::chrono::milliseconds(0), std::chrono::hours(24));
}

const Ready& Service::ready() const noexcept {
  return impl_->ready;
}

void Service::start_handling() {
  const std::lock_guard hold(impl_->worker_mutex);
  if (impl_->config.workers > 0 && !impl_->worker)
    impl_->worker.emplace(*impl_->inbox, impl_->dispatcher, worker_options(impl_->config));
}

bool Service::stop(std::chrono::milliseconds drain, std::chrono::milliseconds handlers_max) {
  impl_->draining = true;
  impl_->listener.stop(drain);
  impl_->admin.reset();
  if (impl_->worker && !impl_->worker->stop(handlers_max)) return false;
  impl_->worker.reset();
  return true;
}

}  // namespace consumer
