// `mock-prospero serve` as a process: its clock over a restart, its files, its limits, its end.
#include <httplib.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "programs.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;
namespace utf = boost::unit_test;

namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

e2e::Args serve_args(const e2e::Args& more) {
  e2e::Args args = {e2e::program("mock-prospero"), "serve", "--listen", "127.0.0.1:0"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

class Serve {
 public:
  explicit Serve(const e2e::Args& more, const std::string& log = "/dev/null")
      : process_(serve_args(more), log), api_(process_.read_line()) {}

  std::string now() const {
    const auto clock = httplib::Client(api_).Get("/v1/clock");
    BOOST_TEST_REQUIRE(static_cast<bool>(clock));
    return std::string(json::parse(clock->body).at("now").as_string());
  }
  json::value post(const std::string& path, const json::value& body) const {
    const auto answer = httplib::Client(api_).Post(path, json::serialize(body), "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
    return json::parse(answer->body);
  }
  int end_by(int signal) {
    process_.signal(signal);
    return process_.wait().code;
  }
  const std::string& api() const { return api_; }

 private:
  test_support::ChildProcess process_;
  std::string api_;
};

/// What a fast clock shows after an hour of its own, in which nothing else happened.
std::string an_hour_later(const Serve& serve) {
  const auto first = serve.now();
  std::string last;
  e2e::eventually("an hour passes", [&] {
    last = serve.now();
    return last.substr(0, 13) != first.substr(0, 13);  // 2026-11-29T21
  });
  return last;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(serving)

BOOST_AUTO_TEST_CASE(a_fast_clock_goes_on_after_a_restart, *utf::label("G6") * utf::label("R1")) {
  const test_support::TempFolder folder;
  const e2e::Args flags = {"--store", folder.file("s.db"), "--speed", "3600"};
  std::string before;
  for (const int signal : {SIGTERM, SIGKILL, SIGTERM}) {
    Serve serve(flags);
    BOOST_TEST(serve.now() >= before);
    before = an_hour_later(serve);
    serve.end_by(signal);
  }
  const Serve last({"--store", folder.file("s.db")}, folder.file("log"));
  e2e::eventually("the other clock is told",
                  [&] { return text_of(folder.file("log")).find("ahead of the wall clock") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(the_ready_file_is_there_only_while_it_is_ready) {
  const test_support::TempFolder folder;
  const auto file = folder.file("mock.url");
  std::ofstream(file) << "http://127.0.0.1:1\n";
  const auto refused = test_support::run(
      {e2e::program("mock-prospero"), "serve", "--listen", "203.0.113.1:0", "--token", "t", "--ready-file", file});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(!fs::exists(file));

  Serve serve({"--ready-file", file});
  BOOST_TEST(text_of(file) == serve.api() + "\n");
  BOOST_TEST(serve.end_by(SIGTERM) == 0);
  BOOST_TEST(!fs::exists(file));
}

BOOST_AUTO_TEST_CASE(a_ready_file_of_another_run_stays) {
  const test_support::TempFolder folder;
  const auto file = folder.file("mock.url");
  Serve serve({"--ready-file", file});
  std::ofstream(file) << "http://127.0.0.1:1\n";
  BOOST_TEST(serve.end_by(SIGTERM) == 0);
  BOOST_TEST(text_of(file) == "http://127.0.0.1:1\n");
}

BOOST_AUTO_TEST_CASE(a_closed_terminal_ends_it_in_good_order) {
  BOOST_TEST(Serve(e2e::Args{}).end_by(SIGHUP) == 0);
}

BOOST_AUTO_TEST_CASE(few_open_files_bound_the_attempts_and_are_told, *utf::label("X2")) {
  const test_support::TempFolder folder;
  const e2e::Consumer makes_the_certificate(folder);
  const e2e::BadConsumer silent(folder, {"--delay", "60"});
  test_support::ChildProcess process(
      {"/bin/sh", "-c", "ulimit -n 64; exec \"$0\" \"$@\"", e2e::program("mock-prospero"), "serve", "--listen",
       "127.0.0.1:0", "--allow-local", "--ca", folder.file("tls/ca.pem"), "--max-in-flight", "1000",
       "--max-connections", "1000"},
      folder.file("log"));
  httplib::Client client(process.read_line());
  client.set_read_timeout(60);
  const auto post = [&](const std::string& path, const json::value& body) {
    const auto answer = client.Post(path, json::serialize(body), "application/json");
    BOOST_TEST_REQUIRE(static_cast<bool>(answer));
    BOOST_TEST_REQUIRE(answer->status / 100 == 2, answer->body);
    return json::parse(answer->body);
  };
  const auto org = std::string(post("/v1/organizations", {{"name", "Opera"}}).at("id").as_string());
  post("/v1/webhooks", {{"orgId", org}, {"url", silent.url()}, {"events", json::array{"event.created"}}});
  post("/v1/organizations/" + org + "/events", json::array(100, json::object()));
  e2e::eventually("an attempt ends", [&] {
    const auto ended = client.Get("/v1/deliveries/count?outcome=timeout");
    return ended && json::parse(ended->body).at("total").to_number<int>() > 0;
  });
  const auto unreachable = client.Get("/v1/deliveries/count?outcome=unreachable");
  BOOST_TEST(json::parse(unreachable->body).at("total").to_number<int>() == 0);
  BOOST_TEST(text_of(folder.file("log")).find("64 open files are allowed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_store_with_a_scheme_is_the_one_that_is_meant_or_none) {
  const test_support::TempFolder folder;
  const auto file = folder.file("x.db");
  BOOST_TEST(Serve({"--store", "sqlite:" + file}).end_by(SIGTERM) == 0);
  BOOST_TEST(fs::exists(file));
  for (const std::string store : {"postgres://x", "sqlit:x.db", ":memory:", ""}) {
    const auto refused = test_support::run(serve_args({"--store", store}));
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.err.find("give memory:, or the name of a file") != std::string::npos, refused.err);
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_is_gone_takes_no_change) {
  const test_support::TempFolder folder;
  const auto file = folder.file("s.db");
  const Serve serve({"--store", file}, folder.file("log"));
  BOOST_TEST(serve.post("/v1/organizations", {{"name", "Opera"}}).as_object().contains("id"));
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    if (entry.path().filename().string().starts_with("s.db")) fs::remove(entry.path());
  }
  const auto refused = serve.post("/v1/organizations", {{"name", "Ballet"}});
  BOOST_TEST(refused.at("status").to_number<int>() == 507);
  BOOST_TEST(text_of(folder.file("log")).find("was removed or replaced") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_store_that_was_cut_short_takes_no_change_and_is_left_as_it_is) {
  for (const std::string cut : {"s.db", "s.db-wal"}) {
    const test_support::TempFolder folder;
    const auto log = folder.file("log");
    {
      Serve serve({"--store", folder.file("s.db")}, log);
      BOOST_TEST(serve.post("/v1/organizations", {{"name", "Opera"}}).as_object().contains("id"));
      fs::resize_file(folder.file(cut), 100);
      const auto refused = serve.post("/v1/organizations", {{"name", "Ballet"}});
      BOOST_TEST(refused.at("status").to_number<int>() == 507);
      BOOST_TEST(std::string(refused.at("error").as_string()).find(folder.file(cut) + " was cut short") !=
                 std::string::npos);
      if (cut == "s.db") fs::resize_file(folder.file(cut), 1'000'000);  // what is there now is not what was written
      BOOST_TEST(serve.post("/v1/organizations", {{"name", "Ballet"}}).at("status").to_number<int>() == 507);
      BOOST_TEST(serve.end_by(SIGTERM) == 0);
    }
    BOOST_TEST(text_of(log).find(folder.file(cut) + " was cut short") != std::string::npos);
    BOOST_TEST(fs::file_size(folder.file(cut == "s.db" ? cut : "s.db-cut-wal")) == (cut == "s.db" ? 1'000'000U : 100U));
    const auto refused = test_support::run(serve_args({"--store", folder.file("s.db")}));
    BOOST_TEST(refused.code == 2);
    BOOST_TEST(refused.err.find("was cut short while it was open, as " + folder.file("s.db-cut")) != std::string::npos,
               refused.err);
  }
}

// Most cuts fall into a write then, which makes up for the size.
BOOST_AUTO_TEST_CASE(a_store_that_is_cut_short_under_load_takes_no_change) {
  for (const std::string cut : {"s.db", "s.db-wal"}) {
    const test_support::TempFolder folder;
    Serve serve({"--store", folder.file("s.db")});
    std::atomic<int> taken = 0;
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        httplib::Client client(serve.api());
        for (int n = 0; n < 1000; ++n) {
          const auto answer = client.Post("/v1/organizations", R"({"name": "Opera"})", "application/json");
          if (!answer || answer->status != 201) return;
          ++taken;
        }
      });
    }
    e2e::eventually("changes are stored", [&] { return taken >= 40; });
    fs::resize_file(folder.file(cut), 0);
    clients.clear();
    BOOST_TEST(taken < 4000, cut << " was cut short, and all is taken");
    BOOST_TEST(fs::exists(folder.file("s.db-cut")), cut << " was cut short, and no mark is there");
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_was_cut_short_is_noticed_at_the_stop_too) {
  const test_support::TempFolder folder;
  const auto log_of_store = folder.file("s.db-wal");
  {
    Serve serve({"--store", folder.file("s.db")});
    BOOST_TEST(serve.post("/v1/organizations", {{"name", "Opera"}}).as_object().contains("id"));
    fs::resize_file(log_of_store, 5000);
    BOOST_TEST(serve.end_by(SIGTERM) == 0);
  }
  BOOST_TEST(fs::file_size(folder.file("s.db-cut-wal")) == 5000U);
  const auto refused = test_support::run(serve_args({"--store", folder.file("s.db")}));
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(refused.err.find("was cut short") != std::string::npos, refused.err);
}

BOOST_AUTO_TEST_CASE(an_empty_file_that_becomes_the_store_is_for_its_owner_only) {
  const test_support::TempFolder folder;
  const auto file = folder.file("s.db");
  std::ofstream{file}.close();
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read);
  const Serve serve({"--store", file});
  BOOST_TEST((fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
}

BOOST_AUTO_TEST_CASE(a_body_without_end_is_cut) {
  const Serve serve(e2e::Args{});
  httplib::Client client(serve.api());
  client.set_read_timeout(20);
  std::signal(SIGPIPE, SIG_IGN);  // the server closes while we write
  constexpr std::size_t far_too_much = std::size_t{1} << 30;
  std::size_t sent = 0;
  const std::string piece(1 << 20, ' ');
  client.Post(
      "/v1/organizations",
      [&](std::size_t, httplib::DataSink& sink) {
        sent += piece.size();
        return sent < far_too_much && sink.write(piece.data(), piece.size());
      },
      "application/json");
  BOOST_TEST(sent < far_too_much);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(a_command_that_does_not_exist_is_an_error_with_the_nearest_names) {
  const auto problem = [](const e2e::Args& more) {
    e2e::Args args = {e2e::program("mock-prospero")};
    args.insert(args.end(), more.begin(), more.end());
    const auto ran = test_support::run(args);
    BOOST_TEST(ran.code == 2);
    return ran.err;
  };
  const auto expect = [&](const e2e::Args& args, const std::string& part) {
    const auto told = problem(args);
    BOOST_TEST(told.find(part) != std::string::npos, told << " should say: " << part);
  };
  expect({"trigge", "--help"}, "'trigge' is no command; did you mean trigger?");
  expect({"webhook", "regster", "u"}, "'regster' is no command of webhook; did you mean register?");
  expect({"webhook"}, "a command is missing; there are register, list, delete, enable");
  expect({}, "a command is missing; there are serve, push");
  expect({"push", "URL", "--evnt", "a.b"}, "'--evnt' is no flag of push; did you mean --event?");
  expect({"serve", "--clok", "virtual"}, "'--clok' is no flag of serve; did you mean --clock?");
  expect({"serve", "one", "two"}, "not expected: one two");
  expect({"deliveries"}, "--api URL, --ready-file FILE, or MOCK_URL");
}

BOOST_AUTO_TEST_CASE(a_running_serve_is_driven_from_the_command_line, *utf::label("S3") * utf::label("X4")) {
  const test_support::TempFolder folder;
  const auto file = folder.file("mock.url"), data = folder.file("data.json");
  std::ofstream(data) << R"({"id": "x", "total": 1.10})";
  std::ofstream(folder.file("token")) << "secret\n";
  const Serve serve({"--clock", "virtual", "--allow-local", "--ready-file", file, "--disable-after", "4",
                     "--token-file", folder.file("token")});
  const auto ask = [&](e2e::Args args, int code = 0) {
    args.insert(args.begin(), e2e::program("mock-prospero"));
    for (const auto& more : {std::string{"--ready-file"}, file, std::string{"--token-file"}, folder.file("token")})
      args.push_back(more);
    const auto ran = test_support::run(args);
    BOOST_TEST(ran.code == code, ran.err);
    return code == 0 ? ran.out : ran.err;
  };
  const auto line = [](std::string text) { return text.substr(0, text.find('\n')); };
  const auto has = [](const std::string& text, const std::string& part) {
    BOOST_TEST(text.find(part) != std::string::npos, text << " should say: " << part);
  };
  const std::string url = "https://127.0.0.1:1/hook/secret";
  has(ask({"webhook", "list", "--token-file", folder.file("token")}, 2), "--token-file");
  const auto org = line(ask({"organization", "add", "Opera"}));
  const auto hook = line(ask({"webhook", "register", url, "--event", "invoice.updated"}));
  has(ask({"webhook", "register", url, "--event", "invoice.updated"}, 1), "(409)");
  has(ask({"trigger", "invoice.updated", "--data", data, "--org", org}), "invoice.updated: 1 delivery");
  const auto id = std::string(json::parse(ask({"deliveries", "--json"})).at("items").at(0).at("id").as_string());
  has(ask({"advance", "0"}), "attempts 0");
  has(ask({"advance", "60"}), "attempts 1");
  has(ask({"advance", "next"}), "attempts 1");
  has(ask({"deliveries", "--webhook", hook, "--state", "pending"}), "pending  attempts 3, last unreachable  next ");
  ask({"advance", "21600"});
  has(ask({"missed"}), "invoice.updated  retries_exhausted  " + id);
  has(ask({"webhook", "list"}), hook + "  disabled  4 failed in a row  invoice.updated  " + url);
  has(ask({"resend", id}, 1), "not enabled");
  has(ask({"webhook", "enable", url}, 2), "which webhook list shows");
  has(ask({"webhook", "enable", hook}), "enabled  0 failed in a row");
  has(ask({"missed"}), "resent as " + line(ask({"resend", id})));
  has(ask({"webhook", "delete", url, "--org", org}), "deleted");
  const auto nobody = test_support::run({e2e::program("mock-prospero"), "deliveries", "--api", "http://127.0.0.1:1"});
  BOOST_TEST(nobody.code == 3);
  has(nobody.err, "is serve running?");
}

BOOST_AUTO_TEST_CASE(output_that_is_lost_is_an_error) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const auto lost = [](const std::string& command) {
    const auto ran =
        test_support::run({"/bin/sh", "-c", e2e::program("mock-prospero") + ' ' + command + " >/dev/full"});
    BOOST_TEST(ran.code == 2, command);
    BOOST_TEST(ran.err.find("standard output cannot be written") != std::string::npos, ran.err);
  };
  lost("simulate --runs 2");
  lost("simulate --runs 2 --json");
  lost("contract");
  lost("push " + consumer.url() + " --event a.b --json --allow-local --ca " + folder.file("tls/ca.pem"));
}

BOOST_AUTO_TEST_CASE(a_simulation_for_programs_tells_its_seed_first) {
  const auto ran =
      test_support::run({e2e::program("mock-prospero"), "simulate", "--runs", "2", "--seed", "4711", "--json"});
  BOOST_TEST(ran.err.starts_with("seed 4711, runs 2\noptions of the first run"), ran.err);
  BOOST_TEST(json::parse(ran.out).is_object());
}

BOOST_AUTO_TEST_CASE(repeated_pushes_read_the_roots_once) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const auto roots = folder.file("roots.pem");
  fs::copy_file(folder.file("tls/ca.pem"), roots);
  test_support::ChildProcess push({"/usr/bin/env", "SSL_CERT_FILE=" + roots, e2e::program("mock-prospero"), "push",
                                   consumer.url(), "--event", "a.b", "--repeat", "2", "--rate", "0.5", "--allow-local"},
                                  folder.file("push.log"));
  push.read_until("delivered");
  fs::remove(roots);  // long before the second one
  push.read_until("delivered");
  BOOST_TEST(push.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(a_rate_that_is_not_reached_is_told) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder);
  const auto fast = e2e::push(folder, consumer.url(), {"--event", "a.b", "--repeat", "3", "--rate", "1000000"});
  BOOST_TEST(fast.code == 0);
  BOOST_TEST(fast.err.find("--rate 1000000: ") != std::string::npos, fast.err);
}

BOOST_AUTO_TEST_CASE(messages_that_nobody_can_read_end_nothing) {
  for (const std::string nowhere : {" 2>&-", " 2>/dev/full"}) {
    const auto held =
        test_support::run({"/bin/sh", "-c", e2e::program("mock-prospero") + " simulate --seed 1 --json" + nowhere});
    BOOST_TEST(held.code == 0, nowhere);
    BOOST_TEST(held.out.find("\"seed\"") != std::string::npos);
    const auto usage = test_support::run({"/bin/sh", "-c", e2e::program("mock-prospero") + " push" + nowhere});
    BOOST_TEST(usage.code == 2, nowhere);
  }
}

BOOST_AUTO_TEST_SUITE_END()
