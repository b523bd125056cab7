#include "consumer/config.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <functional>

#include "support/temp_folder.hpp"

namespace {

using consumer::Flags;

/// Flags that are fine, changed by `change`.
Flags flags(const std::function<void(Flags&)>& change = [](Flags&) {}) {
  Flags given;
  given.self_signed_folder = "tls";
  change(given);
  return given;
}

/// The line that the flags are refused with; empty when they are fine.
std::string refusal(const std::function<void(Flags&)>& change) {
  try {
    consumer::checked(flags(change));
  } catch (const consumer::ConfigError& error) {
    return error.what();
  }
  return {};
}

bool names(const std::string& line, const std::string& word) {
  BOOST_TEST_INFO("said: " << line);
  return line.find(word) != std::string::npos && line.find('\n') == std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config)

BOOST_AUTO_TEST_CASE(endpoints_are_an_address_and_a_port) {
  const struct {
    std::string text, address;
    std::uint16_t port;
    bool loopback;
    std::string authority;
  } rows[] = {
      {"127.0.0.1:8443", "127.0.0.1", 8443, true, "localhost:7"},
      {"localhost:0", "127.0.0.1", 0, true, "localhost:7"},
      {"[::1]:1", "::1", 1, true, "localhost:7"},
      {"0.0.0.0:65535", "0.0.0.0", 65535, false, "localhost:7"},
      {"10.1.2.3:80", "10.1.2.3", 80, false, "10.1.2.3:7"},
      {"[fd00::1]:80", "fd00::1", 80, false, "[fd00::1]:7"},
  };
  for (const auto& row : rows) {
    const auto endpoint = consumer::parse_endpoint(row.text, "--listen");
    BOOST_TEST(endpoint.address == row.address);
    BOOST_TEST(endpoint.port == row.port);
    BOOST_TEST(endpoint.is_loopback() == row.loopback);
    BOOST_TEST(endpoint.url_authority(7) == row.authority);
  }
  for (const char* bad : {"", "8443", ":8443", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                          "127.0.0.1:1x", "::1:80", "example.org:80", "[127.0.0.1]:80", "127.0.0.1.evil:80"})
    BOOST_CHECK_THROW(consumer::parse_endpoint(bad, "--listen"), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(paths_may_have_a_label) {
  BOOST_TEST(consumer::parse_hook("/hook/a=b", "x").path == "/hook/a=b");
  BOOST_TEST(consumer::parse_hook("/hook/a=b", "x").label == "");
  BOOST_TEST(consumer::parse_hook("opera-1=/hook/s", "x").path == "/hook/s");
  BOOST_TEST(consumer::parse_hook("opera-1=/hook/s", "x").label == "opera-1");
  for (const std::string bad : {"", "/", "hook", "a b=/hook", "a=hook", "/hook?x", "/hook#x", "/ho ok", "/h\xc3\xb6k"})
    BOOST_CHECK_THROW(consumer::parse_hook(bad, "x"), consumer::ConfigError);
}

BOOST_AUTO_TEST_CASE(errors_never_show_a_secret_path) {
  BOOST_TEST(names(refusal([](Flags& f) { f.paths = {"/fine", "/topsecret?"}; }), "--path number 2"));
  BOOST_TEST(!names(refusal([](Flags& f) { f.paths = {"/topsecret?"}; }), "topsecret"));
  BOOST_TEST(names(refusal([](Flags& f) { f.paths = {"/topsecret", "a=/topsecret"}; }), "paths 1 and 2"));
  BOOST_TEST(!names(refusal([](Flags& f) { f.paths = {"/topsecret", "a=/topsecret"}; }), "topsecret"));
}

BOOST_AUTO_TEST_CASE(flags_that_do_not_go_together_are_named) {
  BOOST_TEST(refusal([](Flags&) {}) == "");
  BOOST_TEST(names(refusal([](Flags& f) { f.self_signed_folder = ""; }), "--self-signed"));
  BOOST_TEST(names(refusal([](Flags& f) { f.plain_http = true; }), "one of"));
  BOOST_TEST(names(refusal([](Flags& f) { f.certificate_file = "c"; }), "one of"));
  BOOST_TEST(names(refusal([](Flags& f) { f.self_signed_folder = "", f.certificate_file = "c"; }), "--key"));
  BOOST_TEST(names(refusal([](Flags& f) { f.self_signed_folder = "", f.key_file = "k"; }), "--cert"));
  BOOST_TEST(names(refusal([](Flags& f) { f.listen = "nowhere"; }), "--listen nowhere"));
  BOOST_TEST(names(refusal([](Flags& f) { f.admin_token = "t"; }), "--admin"));
  BOOST_TEST(names(refusal([](Flags& f) { f.admin = "0.0.0.0:1"; }), "--admin-token"));
  BOOST_TEST(refusal([](Flags& f) { f.admin = "0.0.0.0:1", f.admin_token = "t"; }) == "");
  BOOST_TEST(refusal([](Flags& f) { f.admin = "127.0.0.1:1"; }) == "");
}

BOOST_AUTO_TEST_CASE(secrets_may_come_from_files) {
  const test_support::TempFolder folder;
  const std::string paths = folder.file("paths"), token = folder.file("token");
  std::ofstream(paths) << "# two Organizations\n\nopera=/hook/1\r\n/hook/2 \n";
  std::ofstream(token) << "t0ken\nnot this\n";
  const auto config = consumer::checked(flags([&](Flags& f) {
    f.path_file = paths;
    f.admin = "127.0.0.1:0";
    f.token_file = token;
  }));
  BOOST_TEST(config.hooks.size() == 2u);
  BOOST_TEST(config.hooks.at(0).label == "opera");
  BOOST_TEST(config.hooks.at(1).path == "/hook/2");
  BOOST_TEST(config.admin_token == "t0ken");

  std::ofstream(paths) << "/fine\ntopsecret\n";
  const auto line = refusal([&](Flags& f) { f.path_file = paths; });
  BOOST_TEST(names(line, paths + ", line 2"));
  BOOST_TEST(!names(line, "topsecret"));
  BOOST_TEST(names(refusal([&](Flags& f) { f.path_file = folder.file("absent"); }), "absent"));
  std::ofstream{token};
  BOOST_TEST(names(refusal([&](Flags& f) { f.admin = "127.0.0.1:0", f.token_file = token; }), "empty"));
}

BOOST_AUTO_TEST_CASE(limits_are_checked, *boost::unit_test::label("D4")) {
  const auto config = consumer::checked(flags([](Flags& f) {
    f.expect_push_every = "24h", f.commit_budget = "2s", f.body_max = "1MiB", f.free_min = "1GiB", f.queue_max = 5;
  }));
  BOOST_TEST((config.expect_push_every == std::chrono::hours(24)));
  BOOST_TEST(config.commit_budget.count() == 2'000);
  BOOST_TEST(config.body_bytes_max == 1u << 20);
  BOOST_TEST(config.free_bytes_min == 1u << 30);
  BOOST_TEST(config.queue_count_max == 5u);
  const auto defaults = consumer::checked(flags());
  BOOST_TEST(defaults.expect_push_every.count() == 0);
  BOOST_TEST(defaults.commit_budget.count() == 3'000);
  BOOST_TEST(defaults.body_bytes_max == 16u << 20);
  BOOST_TEST(names(refusal([](Flags& f) { f.commit_budget = "5s"; }), "--commit-budget 5s"));
  BOOST_TEST(names(refusal([](Flags& f) { f.expect_push_every = "1"; }), "--expect-push-every 1"));
  BOOST_TEST(names(refusal([](Flags& f) { f.body_max = "big"; }), "--body-max big"));
  BOOST_TEST(names(refusal([](Flags& f) { f.trusted_proxies = {"10.0.0.0/8"}; }), "--http"));
  BOOST_TEST(names(refusal([](Flags& f) { f.listen = f.admin = "127.0.0.1:9000"; }), "a port of its own"));
}

BOOST_AUTO_TEST_CASE(what_is_kept_and_for_how_long_is_checked, *boost::unit_test::label("R1")) {
  const auto config =
      consumer::checked(flags([](Flags& f) { f.retention = "7h2m", f.inbox_max = "4GiB", f.handler_time_max = "0s"; }));
  BOOST_TEST((config.retention == std::chrono::minutes(422)));
  BOOST_TEST(config.inbox_bytes_max == 4ULL << 30);
  BOOST_TEST(config.handler_time_max.count() == 0);
  const auto defaults = consumer::checked(flags());
  BOOST_TEST((defaults.retention == std::chrono::hours(7 * 24)));
  BOOST_TEST(defaults.tries_max == 200u);
  BOOST_TEST(defaults.inbox_bytes_max == 0u);
  BOOST_TEST((defaults.handler_time_max == std::chrono::minutes(5)));
  BOOST_TEST(names(refusal([](Flags& f) { f.retention = "7h1m"; }), "--retention"));
  BOOST_TEST(names(refusal([](Flags& f) { f.inbox_max = "4096MB"; }), "--inbox-max 4096MB"));
  BOOST_TEST(names(refusal([](Flags& f) { f.inbox_max = "4KiB"; }), "--inbox-max 4KiB: at least 1MiB"));
  BOOST_TEST(names(refusal([](Flags& f) { f.handler_time_max = "5"; }), "--handler-time 5"));
}

BOOST_AUTO_TEST_CASE(a_folder_in_place_of_a_file_of_secrets_is_named) {
  const test_support::TempFolder folder;
  const std::string path = folder.path().string();
  BOOST_TEST(names(refusal([&](Flags& f) { f.path_file = path; }), "--path-file: " + path + " is a folder"));
  BOOST_TEST(names(refusal([&](Flags& f) { f.admin = "127.0.0.1:0", f.token_file = path; }),
                   "--token-file: " + path + " is a folder"));
}

BOOST_AUTO_TEST_CASE(base_url_of_the_api_is_checked_before_anything_is_made) {
  BOOST_TEST(names(refusal([](Flags& f) { f.api_url = "http://127.0.0.1:99999"; }), "--api"));
  BOOST_TEST(refusal([](Flags& f) { f.api_url = "http://127.0.0.1:9999/v2"; }).empty());
}

BOOST_AUTO_TEST_SUITE_END()
