#include "cli/serve.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "api/server.hpp"
#include "cli/clock_beat.hpp"
#include "cli/contract_flags.hpp"
#include "cli/network_flags.hpp"
#include "cli/network_suite.hpp"
#include "cli/network_transport.hpp"
#include "cli/open_files.hpp"
#include "cli/shortage_notice.hpp"
#include "cli/small_files.hpp"
#include "cli/stored_state.hpp"
#include "cli/validators.hpp"
#include "contract/print.hpp"
#include "contract/values.hpp"
#include "delivery/fan_out.hpp"

namespace mock::cli {
namespace {

struct ServeFlags {
  std::string listen = "127.0.0.1:0";
  std::string store = "memory:";
  std::string clock = "real";
  double speed = 1;
  std::string token;
  std::string token_file;
  std::string public_url;
  std::string ready_file;
  NetworkFlags network;
  contract::Values values;  // those that have no other flag below
  int disable_after = contract::disable_after;
  std::int64_t disable_span_s = contract::disable_span.count();
  std::size_t max_in_flight = contract::in_flight_per_webhook;
  std::size_t max_connections = contract::in_flight_total;
};

constexpr auto examples = R"(Examples:
  mock-prospero serve --listen 127.0.0.1:8080 --clock virtual
  mock-prospero serve --clock virtual --allow-local --ca build/tls/ca.pem      for a consumer on this machine
  mock-prospero serve --speed 60                                               an hour passes in a minute
  mock-prospero serve --listen 0.0.0.0:8080 --token-file token.txt --public-url https://mock.example/prospero

The first line of output is the URL of the API; docs/mock.md goes through it task by task, GET /openapi.json describes
every call. It ends at SIGINT (Ctrl-C), SIGTERM or SIGHUP with exit code 0; what keeps it from starting is exit code 2.)";

// HOST:PORT, an IPv6 host in brackets.
api::ServerOptions listen_address(const std::string& text) {
  const auto colon = text.rfind(':');
  api::ServerOptions options;
  const auto* digits = text.data() + colon + 1;
  const auto* end = text.data() + text.size();
  const bool has_host = colon != std::string::npos && colon > 0;
  if (has_host && text.find(':') != colon && !text.starts_with('[')) {
    throw std::invalid_argument{fmt::format("--listen {}: put an IPv6 address in brackets, such as [::1]:0", text)};
  }
  const bool has_port = colon != std::string::npos && digits != end;
  const auto [stopped, bad] = has_port ? std::from_chars(digits, end, options.port) : std::from_chars_result{end, {}};
  if (!has_port || stopped != end || bad != std::errc{}) {
    throw std::invalid_argument{
        fmt::format("--listen {}: give HOST:PORT with a port up to 65535, such as 127.0.0.1:8080 or [::1]:0", text)};
  }
  options.host = text.substr(0, colon);
  if (options.host.starts_with('[') && options.host.ends_with(']')) {
    options.host = options.host.substr(1, options.host.size() - 2);
  }
  if (options.host.empty()) {
    throw std::invalid_argument{fmt::format("--listen {}: the host is missing; 0.0.0.0 means every address", text)};
  }
  return options;
}

// A name with a scheme would be taken for that of a file; with a ./ before it, it is one.
void require_store(const std::string& store) {
  constexpr auto give = "give memory:, or the name of a file, which may have sqlite: before it";
  if (store.empty()) throw std::invalid_argument{fmt::format("--store: the name is empty: {}", give)};
  const auto colon = store.find(':');
  const bool has_scheme = colon != std::string::npos && store.find('/') > colon;
  if (store == "memory:" || !has_scheme) return;
  throw std::invalid_argument{
      fmt::format("--store '{}': there is no '{}' store: {}", store, store.substr(0, colon + 1), give)};
}

void require_usable(const ServeFlags& flags, const api::ServerOptions& listen) {
  require_store(flags.store);
  if (flags.speed != 1 && flags.clock == "virtual") {
    throw std::invalid_argument{"--speed is for the real clock: a virtual one is moved with POST /v1/clock/advance"};
  }
  if (flags.token.empty() && !api::is_loopback(listen.host)) {
    throw std::invalid_argument{
        fmt::format("--listen {}: elsewhere than on 127.0.0.1, ::1 and localhost a --token or --token-file is required",
                    flags.listen)};
  }
}

std::optional<api::PublicUrl> public_url(const ServeFlags& flags) {
  if (flags.public_url.empty()) return std::nullopt;
  return api::PublicUrl::parse(flags.public_url);
}

contract::Values values_in_force(const ServeFlags& flags) {
  auto values = flags.values;
  values.content_type = flags.network.fields.content_type;
  values.user_agent = flags.network.fields.user_agent;
  values.disable_after = flags.disable_after;
  values.disable_span = std::chrono::seconds{flags.disable_span_s};
  values.in_flight_per_webhook = flags.max_in_flight;
  values.in_flight_total = flags.max_connections;
  values.allow_local = flags.network.allow_local;
  values.allow_http = flags.network.allow_http;
  values.allow_nets = flags.network.allow_nets;
  values.ca_files = flags.network.ca_files;
  values.virtual_clock = flags.clock == "virtual";
  values.speed = flags.speed;
  return values;
}

void announce_all(const ServeFlags& flags, const contract::Values& values) {
  fmt::print(stderr, "in force where Prospero leaves a choice (mock-prospero contract explains the clauses):\n");
  for (const auto& line : contract::print_assumptions(values)) fmt::print(stderr, "{}\n", line);
  for (const auto& line : print_network(flags.network)) fmt::print(stderr, "{}\n", line);
  announce(flags.network);
}

// One line for each cause, not for each second in which it stays.
void tell_of_keeping(const std::string& why) {
  if (why.empty()) {
    fmt::print(stderr, "the store can be written again: attempts go on\n");
  } else {
    fmt::print(stderr, "{}: changes are answered 507 and no attempt is sent\n", why);
  }
}

engine::EngineOptions engine_options(const contract::Values& values, StoredState& state) {
  engine::EngineOptions options;
  options.sender = delivery::sender_options(values);
  options.virtual_clock = values.virtual_clock;
  options.virtual_start =
      state.kept_now().value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  options.keeping = state.keeping();
  options.on_keeping = tell_of_keeping;
  options.speed = values.speed;
  // A fast clock has left the wall clock behind. At the usual speed the wall clock counts (G7).
  if (values.speed != 1) options.not_before = state.kept_now().value_or(delivery::Instant{});
  return options;
}

// Everything that runs, from the network up. Members are destroyed from last to first.
class Service {
 public:
  Service(const ServeFlags& flags, const contract::Values& values, api::ServerOptions listen)
      : server_(std::move(listen)),
        state_(flags.store, values),
        engine_(
            engine_options(values, state_),
            [&](boost::asio::io_context& io) { return make_transport(io, flags.network); },
            [&](const delivery::Clock& clock) -> delivery::Journal& {
              journal_.add(desk_.emplace(clock, std::random_device{}(),
                                         world::WorldRules{values.archive_fires, values.without_fields}));
              state_.listen(journal_);
              journal_.add(shortage_);
              return journal_;
            }),
        hosts_(engine_, transport_->lookup(), url_policy(flags.network)),
        suite_(flags.network),
        conformance_(suite_, desk_->feed(), std::random_device{}()),
        api_({engine_, *desk_, hosts_, conformance_, flags.store == "memory:"},
             {server_.options().host, server_.port(), flags.token, public_url(flags)}, values) {
    desk_->attach(engine_.sender());
    state_.restore(engine_, *desk_);
    server_.start([this](const api::Request& request) { return api_.answer(request); });
    if (state_.needs_beat()) beat_.emplace(engine_, store::fast_clock_beat);
  }

  ~Service() {
    // First what calls may wait for, so that they end.
    conformance_.close();
    beat_.reset();
    state_.stop(engine_);
    engine_.stop();
    server_.stop();
  }

  std::string url() const { return server_.url(); }
  const std::string& note() const { return state_.note(); }

 private:
  std::unique_ptr<delivery::Transport> make_transport(boost::asio::io_context& io, const NetworkFlags& flags) {
    auto transport = std::make_unique<NetworkTransport>(io, flags);
    transport_ = transport.get();
    return transport;
  }

  api::Server server_;
  NetworkTransport* transport_ = nullptr;  // the engine's
  StoredState state_;
  std::optional<api::Desk> desk_;
  ShortageNotice shortage_;
  delivery::FanOut journal_;
  engine::Engine engine_;
  api::HostCheck hosts_;
  NetworkSuite suite_;
  api::ConformanceRuns conformance_;
  api::Api api_;
  std::optional<ClockBeat> beat_;
};

// What ends the service in good order: Ctrl-C, SIGTERM, and a terminal that is closed, except under nohup.
sigset_t ending_signals() {
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&ending, SIGHUP);
  return ending;
}

int serve(ServeFlags flags) {
  if (!flags.token_file.empty()) flags.token = read_token(flags.token_file);
  constexpr std::string_view sqlite_scheme = "sqlite:";
  if (flags.store.starts_with(sqlite_scheme)) flags.store.erase(0, sqlite_scheme.size());
  auto listen = listen_address(flags.listen);
  require_usable(flags, listen);
  public_url(flags);
  std::string files_note;
  flags.max_connections = bounded_connections(flags.max_connections, raise_open_files(), files_note);
  const auto values = values_in_force(flags);

  // Blocked before any thread is started, so that all of them inherit it and only sigwait() takes the signals.
  const auto ending = ending_signals();
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);

  ReadyFile ready{flags.ready_file};
  const Service service{flags, values, std::move(listen)};
  // First, so that who cannot write the file is told nothing else.
  ready.write(service.url());
  announce_all(flags, values);
  fmt::print(stderr, "{}{}", files_note, service.note());
  fmt::print("{}\n", service.url());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ending, &signal);
  return 0;
}

void add_flags(CLI::App& command, ServeFlags& flags) {
  command.add_option("--listen", flags.listen, "address of the API; port 0 takes any free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command
      .add_option(
          "--store", flags.store,
          "where the state lives: a file (made if missing) that survives any crash, or memory:, which forgets it")
      ->type_name("[sqlite:]FILE|memory:")
      ->capture_default_str();
  command.add_option("--clock", flags.clock, "real, or virtual: stands still until it is advanced (G6)")
      ->check(CLI::IsMember({"real", "virtual"}))
      ->capture_default_str();
  command
      .add_option("--speed", flags.speed,
                  "makes the real clock N times as fast: waiting is divided by N, the 5 s of an attempt are not (G6)")
      ->check(finite_number)
      ->check(CLI::Range(1.0, 1'000'000.0))
      ->type_name("N")
      ->capture_default_str();
  auto* token =
      command.add_option("--token", flags.token, "callers must send it: Authorization: Bearer TOKEN")
          ->check([](const std::string& given) {
            return given.empty() ? "it is empty, which would let everybody in: leave the flag out for that" : "";
          });
  command
      .add_option("--token-file", flags.token_file,
                  "file whose first line is that token; unlike --token it does not show in the list of processes")
      ->type_name("FILE")
      ->excludes(token);
  command
      .add_option("--public-url", flags.public_url,
                  "URL under which a proxy passes calls on: its host, origin and path prefix are accepted too")
      ->type_name("URL");
  command
      .add_option("--ready-file", flags.ready_file,
                  "file that gets the URL of the API (mode 0600) once it is ready, and is removed when it stops")
      ->type_name("FILE");
  command
      .add_option("--disable-after", flags.disable_after,
                  "failed attempts in a row that disable a webhook; 0 never (X2)")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command.add_option("--disable-span", flags.disable_span_s, "seconds that those failures must span at least (X2)")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{366} * 86400))
      ->type_name("SECONDS")
      ->capture_default_str();
  command.add_option("--max-in-flight", flags.max_in_flight, "attempts of one webhook under way at a time (G4)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1000}))
      ->capture_default_str();
  command
      .add_option("--max-connections", flags.max_connections,
                  "attempts of all webhooks under way at a time, about half of them kept for webhooks with none; "
                  "bounded by the open "
                  "files that the system allows (G4)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10'000}))
      ->capture_default_str();
  command.add_flag("--keep-alive", flags.network.keep_alive,
                   "use the connection of an answered attempt again for the same URL; else each attempt has its own");
  add_field_flags(command, flags.network);
  add_delay_flag(command, flags.values.delays_from);
  add_world_flags(command, flags.values);
  add_network_flags(command, flags.network);
  command.footer(examples);
}

}  // namespace

void add_serve_command(CLI::App& app, std::function<int()>& run) {
  auto* command = app.add_subcommand("serve", "Run Prospero's side as a server with an API");
  const auto flags = std::make_shared<ServeFlags>();
  add_flags(*command, *flags);
  command->callback([flags, &run] { run = [flags] { return serve(*flags); }; });
}

}  // namespace mock::cli
