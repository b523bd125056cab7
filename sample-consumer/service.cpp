#include "service.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <prospero/webhooks/receive/inbox.hpp>
#include <prospero/webhooks/receive/listener.hpp>
#include <prospero/webhooks/receive/receiver.hpp>
#include <prospero/webhooks/receive/worker.hpp>
#include <utility>

#include "admin.hpp"
#include "certificate_alarm.hpp"
#include "entity_api.hpp"
#include "inbox_json.hpp"
#include "inbox_look.hpp"
#include "last_pushes.hpp"
#include "metrics.hpp"
#include "quantity.hpp"
#include "secret_file.hpp"
#include "self_signed.hpp"
#include "service_options.hpp"
#include "silence_alarm.hpp"
#include "start_warnings.hpp"
#include "ticker.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;

constexpr std::chrono::milliseconds metrics_wait_max{1'000};  // well under the 10 s after which a scrape gives up

pw::InboxTime wall_clock() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

void check_admin_port(const Endpoint& admin) {
  pw::ListenerOptions options;
  options.address = admin.address;
  options.port = admin.port;
  try {
    pw::Listener::check(options);
  } catch (const pw::ListenError& error) {
    throw ConfigError(fmt::format("--admin: {}", error.what()));
  }
}

/// What can fail without having made a file is tried before the first one is made.
Config ready_to_start(Config config) {
  if (!config.ready_file.empty()) check_replaceable(config.ready_file, "--ready-file");
  pw::Listener::check(listener_options(config));
  if (config.has_admin) check_admin_port(config.admin);
  if (!config.self_signed_folder.empty()) {
    const SelfSigned files = self_signed(config.self_signed_folder);
    config.certificate_file = files.certificate_file;
    config.key_file = files.key_file;
    pw::Listener::check(listener_options(config));
  }
  return config;
}

/// Free space where the inbox is; nothing for one without a file, or when the system does not say.
std::optional<std::uint64_t> free_bytes(const std::string& inbox_url) {
  constexpr std::string_view scheme = "sqlite:";
  if (!inbox_url.starts_with(scheme)) return std::nullopt;
  const auto folder = std::filesystem::path(inbox_url.substr(scheme.size())).parent_path();
  std::error_code error;
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (error) return std::nullopt;
  return space.available;
}

Reread rereading(const Config& config) {
  if (config.api_url.empty()) return {};
  return [api = EntityApi(config.api_url, config.api_token)](pw::Family family, const pw::Uuid& org, const pw::Uuid& id,
                                                             const std::stop_token& stop) {
    return api.read(family, org, id, stop);
  };
}

// Of an earlier run. Where it cannot be read, or there was none, the silence counts from the start.
LastPushes::Times last_pushes_before(pw::Inbox& inbox, const std::vector<pw::Hook>& hooks, pw::InboxTime started_at,
                                     Throttles& log) {
  LastPushes::Times pushes;
  try {
    pushes = inbox.counts().last_push_at;
  } catch (const pw::InboxError& error) {
    log.errors.tell(fmt::format("when the last push came before this start is not known: {}", error.what()));
  }
  for (const pw::Hook& hook : hooks) pushes.try_emplace(hook.label, started_at);
  return pushes;
}

}  // namespace

struct Service::Impl {
  Config config;
  const pw::InboxTime started_at = wall_clock();
  Throttles log;
  HandledCounts handled;
  std::unique_ptr<pw::Inbox> inbox;
  pw::Receiver receiver;
  LastPushes last_pushes;
  pw::Listener listener;
  pw::Dispatcher dispatcher;
  std::atomic<bool> draining = false;
  std::map<std::string, SilenceAlarm> silence;  // by label
  CertificateAlarm certificate_alarm;
  InboxLook look;
  AdminRoutes routes;
  Ready ready;
  bool url_is_told = true;
  std::optional<AdminServer> admin;
  std::mutex worker_mutex;
  std::optional<pw::Worker> worker;
  std::optional<Ticker> ticker;

  Impl(Config given, LineSink sink)
      : config(ready_to_start(std::move(given))),
        inbox(pw::open_inbox(config.inbox_url, inbox_options(config))),
        receiver(*inbox, receiver_options(config, log)),
        last_pushes(last_pushes_before(*inbox, receiver.options().hooks, started_at, log)),
        listener(receiver, listener_options(config)),
        dispatcher(make_dispatcher(config.log_format, std::move(sink), rereading(config),
                                   [this](std::chrono::duration<double> time) { handled.took(time); })),
        look([this] { return measure(); }, metrics_wait_max),
        routes(
            *inbox, {config.admin_token, config.admin.is_loopback()}, [this] { return why_not_ready(); },
            [this] { return to_prometheus(figures()); }) {
    if (config.expect_push_every.count() <= 0) return;
    for (const pw::Hook& hook : receiver.options().hooks)
      silence.try_emplace(hook.label, config.expect_push_every, started_at, hook.label);
  }

  std::map<std::string, SilenceFigures> silence_figures() {
    const pw::InboxTime now = wall_clock();
    const LastPushes::Times pushes = last_pushes.with(receiver.counters().last_push_at, now);
    std::map<std::string, SilenceFigures> figures;
    for (const pw::Hook& hook : receiver.options().hooks) {
      const auto alarm = silence.find(hook.label);
      const std::chrono::duration<double> since = now - pushes.at(hook.label);
      figures[hook.label] = {since.count(), alarm != silence.end() && alarm->second.is_silent()};
    }
    return figures;
  }

  /// In words; empty: it is ready. A probe of the inbox is small: on a nearly full disk it fits where a push would not.
  std::string why_not_ready() {
    if (draining) return "stopping";
    const auto free = free_bytes(config.inbox_url);
    if (free && *free < config.free_bytes_min)
      return fmt::format("only {} are free where the inbox is, fewer than --min-free asks for: make room",
                         size_to_text(*free));
    const std::lock_guard hold(worker_mutex);
    if (worker && !worker->ready()) return fmt::format("{} handlers have outlived --handler-time", worker->parked());
    return {};
  }

  InboxFigures measure() {
    InboxFigures figures;
    figures.disk_free_bytes = free_bytes(config.inbox_url);
    try {
      figures.gaps = inbox->gaps(wall_clock());
      figures.counts = inbox->counts();
    } catch (const pw::InboxError& error) {
      log.errors.tell(fmt::format("the metrics lack those of the inbox: {}", error.what()));
    }
    return figures;
  }

  Figures figures() {
    Figures now;
    now.inbox_bytes_max = config.inbox_bytes_max;
    now.quarantine_bytes_max = inbox_options(config).quarantine_bytes_max;
    now.listener = listener.counters();
    now.receiver = receiver.counters();
    if (auto seen = look.now()) {
      now.inbox = std::move(seen->counts);
      now.gaps = std::move(seen->gaps);
      now.disk_free_bytes = seen->disk_free_bytes;
    } else {
      log.errors.tell(
          fmt::format("the metrics lack those of the inbox: it could not be read within {} ms, see to its "
                      "disk, and who reads the inbox",
                      metrics_wait_max.count()));
    }
    now.handled = handled.by_kind();
    now.handler_seconds = handled.seconds();
    now.silence = silence_figures();
    now.now = std::chrono::system_clock::now();
    return now;
  }

  void tick() {
    log.flush();
    if (!url_is_told) tell_url();
    look_at_certificate();
    const pw::InboxTime now = wall_clock();
    const LastPushes::Times pushes = last_pushes.with(receiver.counters().last_push_at, now);
    for (auto& [source, alarm] : silence)
      if (const auto line = alarm.look(now, pushes.at(source))) spdlog::warn("{}", *line);
  }

  void look_at_certificate() {
    const auto expires = listener.counters().certificate_expires;
    if (!expires) return;
    if (const auto line = certificate_alarm.look(std::chrono::system_clock::now(), *expires))
      spdlog::log(line->has_expired ? spdlog::level::err : spdlog::level::warn, "{}", line->text);
  }

  /// What keeps the file from being written (a full disk) is no reason to lose pushes; it is tried again.
  void tell_url() {
    try {
      replace_secret_file(config.ready_file, ready.url + "\n");
      url_is_told = true;
    } catch (const ConfigError& error) {
      url_is_told = false;
      log.errors.tell(fmt::format("--ready-file: {}; pushes are taken, and it is tried again", error.what()));
    }
  }

  void serve() {
    for (const std::string& line : start_warnings(config)) spdlog::warn("{}", line);
    listener.start();
    const std::string base =
        fmt::format("{}://{}", config.plain_http ? "http" : "https", config.listen.url_authority(listener.port()));
    ready.url = base + receiver.options().hooks.front().path;
    ready.shown_url = config.ready_file.empty() ? ready.url : base + "/***";
    if (config.has_admin) {
      admin.emplace(routes, config.admin);
      ready.admin_url = fmt::format("http://{}/", config.admin.url_authority(admin->port()));
    }
    if (!config.ready_file.empty()) tell_url();
    spdlog::info("listening on {} port {}, {} path(s), {} worker(s), inbox {}", config.listen.address, listener.port(),
                 receiver.options().hooks.size(), config.workers, config.inbox_url);
    look_at_certificate();
    ticker.emplace(std::chrono::seconds(1), [this] { tick(); });
  }
};

Service::Service(Config config, LineSink sink) : impl_(std::make_unique<Impl>(std::move(config), std::move(sink))) {
  impl_->serve();
}

Service::~Service() {
  stop(std::chrono::milliseconds(0), std::chrono::milliseconds(0));
}

const Ready& Service::ready() const noexcept {
  return impl_->ready;
}

void Service::start_handling() {
  const std::lock_guard hold(impl_->worker_mutex);
  if (impl_->config.workers > 0 && !impl_->worker)
    impl_->worker.emplace(*impl_->inbox, impl_->dispatcher, worker_options(impl_->config, impl_->handled, impl_->log));
}

void Service::reload_certificate() {
  if (impl_->config.plain_http) return spdlog::info("there is no certificate to read again");
  try {
    impl_->listener.reload_certificate();
  } catch (const pw::ListenError&) {
    return;  // log_certificate() has said why
  }
}

bool Service::stop(std::chrono::milliseconds drain, std::chrono::milliseconds handlers_max) {
  const auto until = std::chrono::steady_clock::now() + handlers_max;
  impl_->draining = true;
  impl_->routes.stop();
  if (impl_->worker) impl_->worker->stop(std::chrono::milliseconds(0));
  impl_->listener.stop(drain);
  impl_->admin.reset();
  impl_->ticker.reset();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  if (impl_->worker && !impl_->worker->stop(std::max(left, std::chrono::milliseconds(0)))) return false;
  impl_->worker.reset();
  return true;
}

}  // namespace consumer
