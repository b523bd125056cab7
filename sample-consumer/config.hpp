// What the person who starts the program wants, checked.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <prospero/webhooks/receive/receiver.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace consumer {

/// Something that the person has to change. what() is one line that says what and how; it never holds a secret path.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a server listens.
struct Endpoint {
  std::string address;  ///< IP literal, without brackets
  std::uint16_t port = 0;

  bool is_loopback() const;
  /// "localhost:8443" for a loopback address or all interfaces, else the address, in brackets if it is IPv6.
  std::string url_authority(std::uint16_t actual_port) const;
};

/// The first line of a file of secrets. Throws ConfigError naming `flag`.
std::string read_token_file(const std::string& file, const char* flag);

/// HOST:PORT; HOST is an IP address, [IPv6 in brackets] or localhost. Throws ConfigError naming `flag`.
Endpoint parse_endpoint(std::string_view text, std::string_view flag);

/// [LABEL=]/path. Throws ConfigError naming `where`, never the text.
prospero::webhooks::Hook parse_hook(std::string_view text, const std::string& where);

enum class LogFormat { text, json };

struct Config {
  Endpoint listen;
  std::string certificate_file, key_file;  ///< both, or none
  std::string self_signed_folder;          ///< not empty: the files are made there
  bool plain_http = false;
  std::vector<prospero::webhooks::Hook> hooks;  ///< empty: a secret of our own, kept beside the inbox
  std::string inbox_url;
  bool has_admin = false;
  Endpoint admin;
  std::string admin_token;  ///< empty: none
  unsigned workers = 0;     ///< 0: store and answer only
  unsigned tries_max = 1;   ///< calls of a handler for one push before it is dead
  LogFormat log_format = LogFormat::text;
  std::string ready_file;                         ///< empty: none
  std::vector<std::string> trusted_proxies;       ///< networks that may connect; empty: everyone
  std::chrono::milliseconds expect_push_every{};  ///< a longer silence is an alarm; 0: never
  std::chrono::milliseconds commit_budget{};      ///< a push that waits longer for the disk gets 503
  std::size_t queue_count_max = 0;                ///< pushes that may wait for the disk
  std::size_t body_bytes_max = 0;                 ///< a larger body gets 413
  std::uint64_t free_bytes_min = 0;               ///< with less on the inbox's disk it is not ready
  std::chrono::milliseconds retention{};          ///< how long what is settled is kept
  std::uint64_t inbox_bytes_max = 0;              ///< 0: no cap
  std::chrono::milliseconds handler_time_max{};   ///< 0: no limit
  std::string api_url, api_token;                 ///< of Prospero's REST API; empty: none is asked
};

/// The flags as they are given, before they are checked.
struct Flags {
  std::string listen = "127.0.0.1:8443";
  std::string certificate_file, key_file, self_signed_folder;
  bool plain_http = false;
  std::vector<std::string> paths;
  std::string path_file;
  std::string inbox_url = "sqlite:inbox.db";
  std::string admin, admin_token, token_file;
  unsigned workers = 4, tries = 200;
  std::string log_format = "text";
  std::string ready_file;
  std::vector<std::string> trusted_proxies;
  std::string expect_push_every, commit_budget = "3s", body_max = "16MiB", free_min = "64MiB";
  std::size_t queue_max = 10'000;
  std::string retention = "7d", handler_time_max = "5m", inbox_max;
  std::string api_url, api_token_file;
};

/// Adds every flag, with its help, to `app`, which fills `flags` when it parses.
void add_flags(CLI::App& app, Flags& flags);

/// Reads the files of secrets that the flags name. Throws ConfigError.
Config checked(const Flags& flags);

}  // namespace consumer
