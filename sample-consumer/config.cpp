#include "config.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "entity_api.hpp"
#include "quantity.hpp"

namespace consumer {
namespace {

constexpr unsigned workers_max = 256;
constexpr std::chrono::milliseconds commit_budget_max{4'500};  // of the 5 s that Prospero waits (D4)
constexpr std::string_view examples = R"(
Examples:
  Try it, with a throw-away certificate authority:
    sample-consumer --self-signed tls
  In production, two Organizations, secrets in files (hooks.txt: lines orgA=/hook/... and orgB=/hook/...):
    sample-consumer --listen 0.0.0.0:8443 --cert fullchain.pem --key privkey.pem --path-file hooks.txt
      --inbox sqlite:/var/lib/consumer/inbox.db --admin 127.0.0.1:9090 --ready-file /run/consumer/url
      --expect-push-every 24h
  Behind a proxy on this machine that speaks TLS:
    sample-consumer --listen 127.0.0.1:8080 --http --trust-proxy 127.0.0.1 --path-file hooks.txt
The first line on stdout is the URL to give to Prospero, with --admin the second is that of the admin API.
SIGHUP reads certificate and key again; they are also read again when the files change.
Exit codes: 0 stopped by SIGTERM or SIGINT, 2 something in the flags, files or ports has to be changed.
)";

bool is_ip(const std::string& text, int family) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(family, text.c_str(), bytes) == 1;
}

std::ifstream open_secrets(const std::string& file, const char* flag) {
  std::error_code unknown;
  if (std::filesystem::is_directory(file, unknown))
    throw ConfigError(fmt::format("{}: {} is a folder: name a file", flag, file));
  std::ifstream in(file);
  if (!in)
    throw ConfigError(
        fmt::format("{}: cannot read {}: {}; check the path and its permissions", flag, file, std::strerror(errno)));
  return in;
}

void read_path_file(const std::string& file, std::vector<prospero::webhooks::Hook>& hooks) {
  std::ifstream in = open_secrets(file, "--path-file");
  const std::size_t before = hooks.size();
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    hooks.push_back(parse_hook(line, fmt::format("--path-file {}, line {}", file, number)));
  }
  if (hooks.size() == before) throw ConfigError(fmt::format("--path-file: {} holds no path", file));
}

void check_transport(const Flags& flags) {
  const bool files = !flags.certificate_file.empty() || !flags.key_file.empty();
  const int chosen = (files ? 1 : 0) + (flags.self_signed_folder.empty() ? 0 : 1) + (flags.plain_http ? 1 : 0);
  if (chosen != 1) throw ConfigError("give one of: --cert with --key, --self-signed DIR, --http");
  if (files && flags.certificate_file.empty()) throw ConfigError("--key needs --cert, the certificate that it is of");
  if (files && flags.key_file.empty()) throw ConfigError("--cert needs --key, the private key of the certificate");
}

void check_hooks(const std::vector<prospero::webhooks::Hook>& hooks) {
  for (auto hook = hooks.begin(); hook != hooks.end(); ++hook) {
    const auto same = [&](const auto& other) { return other.path == hook->path; };
    const auto first = std::find_if(hooks.begin(), hook, same);
    if (first != hook)
      throw ConfigError(fmt::format("paths {} and {} are the same: each webhook needs its own",
                                    first - hooks.begin() + 1, hook - hooks.begin() + 1));
  }
}

void take_limits(const Flags& flags, Config& config) {
  config.commit_budget = parse_duration(flags.commit_budget, "--commit-budget");
  if (config.commit_budget > commit_budget_max)
    throw ConfigError(fmt::format("--commit-budget {}: at most {} ms, because Prospero waits 5 s for the answer",
                                  flags.commit_budget, commit_budget_max.count()));
  if (!flags.expect_push_every.empty())
    config.expect_push_every = parse_duration(flags.expect_push_every, "--expect-push-every", std::chrono::seconds(1));
  config.body_bytes_max = parse_size(flags.body_max, "--body-max");
  config.free_bytes_min = parse_size(flags.free_min, "--min-free");
  config.queue_count_max = flags.queue_max;
  if (!flags.trusted_proxies.empty() && !flags.plain_http)
    throw ConfigError("--trust-proxy goes with --http: with TLS of its own the consumer takes pushes from anywhere");
  config.trusted_proxies = flags.trusted_proxies;
}

void take_admin(const Flags& flags, Config& config) {
  config.has_admin = !flags.admin.empty();
  if (!flags.admin_token.empty() && !flags.token_file.empty())
    throw ConfigError("give one of --admin-token and --token-file");
  config.admin_token = flags.token_file.empty() ? flags.admin_token : read_token_file(flags.token_file, "--token-file");
  if (!config.has_admin) {
    if (!config.admin_token.empty()) throw ConfigError("a token is of use only with --admin HOST:PORT");
    return;
  }
  config.admin = parse_endpoint(flags.admin, "--admin");
  if (!config.admin.is_loopback() && config.admin_token.empty())
    throw ConfigError("--admin elsewhere than on loopback needs --admin-token or --token-file");
  if (config.admin.port != 0 && config.admin.port == config.listen.port &&
      config.admin.address == config.listen.address)
    throw ConfigError(fmt::format("--listen and --admin are both {}: give each a port of its own", flags.admin));
}

void take_upkeep(const Flags& flags, Config& config) {
  constexpr std::chrono::minutes retention_min{7 * 60 + 2};
  config.retention = parse_duration(flags.retention, "--retention");
  if (config.retention < retention_min)
    throw ConfigError("--retention must be at least 7h2m: a copy may come with Prospero's last retry");
  if (!flags.inbox_max.empty()) config.inbox_bytes_max = parse_size(flags.inbox_max, "--inbox-max");
  if (!flags.inbox_max.empty() && config.inbox_bytes_max < (1u << 20))
    throw ConfigError(fmt::format("--inbox-max {}: at least 1MiB, or there is no room for a push", flags.inbox_max));
  config.handler_time_max = parse_duration(flags.handler_time_max, "--handler-time", std::chrono::milliseconds(0));
  config.api_url = flags.api_url;
  if (!config.api_url.empty()) EntityApi::check_base_url(config.api_url);
  if (flags.api_token_file.empty()) return;
  if (flags.api_url.empty()) throw ConfigError("--api-token-file is of use only with --api URL");
  config.api_token = read_token_file(flags.api_token_file, "--api-token-file");
}

}  // namespace

std::string read_token_file(const std::string& file, const char* flag) {
  std::ifstream in = open_secrets(file, flag);
  std::string token;
  std::getline(in, token);
  while (!token.empty() && (token.back() == ' ' || token.back() == '\r')) token.pop_back();
  if (token.empty()) throw ConfigError(fmt::format("{}: the first line of {} is empty", flag, file));
  return token;
}

bool Endpoint::is_loopback() const {
  return address.starts_with("127.") || address == "::1";
}

std::string Endpoint::url_authority(std::uint16_t actual_port) const {
  const bool local = address == "127.0.0.1" || address == "::1" || address == "0.0.0.0" || address == "::";
  if (local) return fmt::format("localhost:{}", actual_port);
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", address, actual_port) : fmt::format("{}:{}", address, actual_port);
}

Endpoint parse_endpoint(std::string_view text, std::string_view flag) {
  const auto refuse = [&](std::string_view why) -> ConfigError {
    return ConfigError(fmt::format("{} {}: {}; give HOST:PORT, such as 127.0.0.1:8443 or [::1]:0", flag, text, why));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) throw refuse("no port");
  std::string host(text.substr(0, colon));
  const auto port = text.substr(colon + 1);
  Endpoint endpoint;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
  if (port.empty() || error != std::errc{} || end != port.data() + port.size())
    throw refuse("the port is no number from 0 to 65535");
  if (host == "localhost") host = "127.0.0.1";
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  endpoint.address = bracketed ? host.substr(1, host.size() - 2) : host;
  if (!is_ip(endpoint.address, bracketed ? AF_INET6 : AF_INET)) throw refuse("the host is no IP address or localhost");
  return endpoint;
}

prospero::webhooks::Hook parse_hook(std::string_view text, const std::string& where) {
  const auto label_end = text.starts_with('/') ? std::string_view::npos : text.find('=');
  prospero::webhooks::Hook hook;
  if (label_end != std::string_view::npos) {
    hook.label = text.substr(0, label_end);
    text.remove_prefix(label_end + 1);
  }
  const auto in_label = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
  if (!std::all_of(hook.label.begin(), hook.label.end(), in_label))
    throw ConfigError(where + ": a label may hold letters, digits, '-', '_' and '.' only");
  const auto in_path = [](char c) { return c > ' ' && c < '\x7f' && c != '?' && c != '#'; };
  if (text.size() < 2 || text.front() != '/' || !std::all_of(text.begin(), text.end(), in_path))
    throw ConfigError(where + ": give [LABEL=]/path, visible ASCII without '?' and '#'");
  hook.path = text;
  return hook;
}

void add_flags(CLI::App& app, Flags& flags) {
  app.add_option("--listen", flags.listen, "where pushes come in; port 0: chosen by the system")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option("--cert", flags.certificate_file, "certificate for HTTPS, PEM, the leaf first")->type_name("FILE");
  app.add_option("--key", flags.key_file, "its private key, PEM, not encrypted")->type_name("FILE");
  app.add_option("--self-signed", flags.self_signed_folder,
                 "use cert.pem and key.pem of DIR; made if missing, with ca.pem for clients to trust")
      ->type_name("DIR");
  app.add_flag("--http", flags.plain_http, "plain HTTP, for loopback or behind a proxy that speaks TLS");
  app.add_option("--path", flags.paths,
                 "secret path of a webhook and its label (repeatable); default: a kept random path")
      ->type_name("[LABEL=]/PATH")
      ->allow_extra_args(false);
  app.add_option("--path-file", flags.path_file, "file with one [LABEL=]/PATH a line")->type_name("FILE");
  app.add_option("--inbox", flags.inbox_url, "where pushes are kept: sqlite:FILE or memory:")
      ->type_name("URL")
      ->capture_default_str();
  app.add_option("--admin", flags.admin, "serve /healthz, /readyz, /metrics, /inbox, /inbox/gaps and /witness there")
      ->type_name("HOST:PORT");
  app.add_option("--admin-token", flags.admin_token, "bearer token that the admin API asks for")->type_name("TOKEN");
  app.add_option("--token-file", flags.token_file, "the same, from the first line of a file")->type_name("FILE");
  app.add_option("--workers", flags.workers, "handlers that run at once; 0: store and answer only")
      ->type_name("N")
      ->check(CLI::Range(0u, workers_max))
      ->capture_default_str();
  app.add_option("--tries", flags.tries, "calls of a failing handler before its push is dead; 200 last about a day")
      ->type_name("N")
      ->check(CLI::Range(1u, 1'000'000u))
      ->capture_default_str();
  app.add_option("--log-format", flags.log_format, "of the log on stderr and the lines on stdout: text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--retention", flags.retention, "how long what is settled is kept, at least 7h2m")
      ->type_name("D")
      ->capture_default_str();
  app.add_option("--inbox-max", flags.inbox_max,
                 "size of the inbox, what is kept aside not counted, at which pushes get 503; without it: no cap")
      ->type_name("SIZE");
  app.add_option("--handler-time", flags.handler_time_max, "after which a handler is asked to stop; 0s: never")
      ->type_name("D")
      ->capture_default_str();
  app.add_option("--api", flags.api_url, "Prospero's REST API, to read an entity again when the order is ambiguous")
      ->type_name("URL");
  app.add_option("--api-token-file", flags.api_token_file, "its bearer token, from the first line of a file")
      ->type_name("FILE");
  app.add_option("--ready-file", flags.ready_file, "write the URL there, mode 0600, and hide its path on stdout")
      ->type_name("FILE");
  app.add_option("--trust-proxy", flags.trusted_proxies,
                 "with --http: only these may connect, a network or an address (repeatable)")
      ->type_name("CIDR")
      ->allow_extra_args(false);
  app.add_option("--expect-push-every", flags.expect_push_every,
                 "warn when no push has come for longer to the paths of a label, for instance 24h; Prospero may have "
                 "disabled that webhook")
      ->type_name("D");
  app.add_option("--commit-budget", flags.commit_budget,
                 "answer 503 to a push that waits longer than this for the disk")
      ->type_name("D")
      ->capture_default_str();
  app.add_option("--queue-max", flags.queue_max, "answer 503 when this many pushes wait for the disk")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
  app.add_option("--body-max", flags.body_max, "answer 413 to a larger body")->type_name("SIZE")->capture_default_str();
  app.add_option("--min-free", flags.free_min, "with less free space for the inbox, /readyz says not ready")
      ->type_name("SIZE")
      ->capture_default_str();
  app.footer(std::string(examples));
}

Config checked(const Flags& flags) {
  Config config;
  config.listen = parse_endpoint(flags.listen, "--listen");
  check_transport(flags);
  config.certificate_file = flags.certificate_file;
  config.key_file = flags.key_file;
  config.self_signed_folder = flags.self_signed_folder;
  config.plain_http = flags.plain_http;
  for (const auto& path : flags.paths)
    config.hooks.push_back(parse_hook(path, fmt::format("--path number {}", config.hooks.size() + 1)));
  if (!flags.path_file.empty()) read_path_file(flags.path_file, config.hooks);
  check_hooks(config.hooks);
  config.inbox_url = flags.inbox_url;
  take_admin(flags, config);
  take_limits(flags, config);
  config.workers = flags.workers;
  config.tries_max = flags.tries;
  config.log_format = flags.log_format == "json" ? LogFormat::json : LogFormat::text;
  config.ready_file = flags.ready_file;
  take_upkeep(flags, config);
  return config;
}

}  // namespace consumer
