// The command as people call it: the real program, against servers that answer by script.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "support/child_process.hpp"
#include "support/raw_server.hpp"
#include "support/temp_folder.hpp"

namespace utf = boost::unit_test;
namespace json = boost::json;
using namespace test_support;

namespace {

/// A TLS server on a loop of its own, with the file of its authority.
class Consumer {
 public:
  explicit Consumer(Script script)
      : ca_file(write_pem(folder_.file("ca.pem"), authority_.pem())),
        server_(io_, std::move(script), {.certificate = authority_.issue()}),
        port_(server_.port()),
        thread_([this] { io_.run(); }) {}
  ~Consumer() { stop(); }

  /// What it got.
  const std::vector<std::string>& stop() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
    return server_.requests();
  }

  /// Runs push with the flags of a consumer on this machine.
  Finished push(std::vector<std::string> more) const {
    std::vector<std::string> argv{
        MOCK_PROSPERO,   "push", "https://localhost:" + std::to_string(port_) + "/hook/topsecret",
        "--allow-local", "--ca", ca_file};
    argv.insert(argv.end(), more.begin(), more.end());
    return run(argv);
  }

 private:
  TempFolder folder_;
  CertificateAuthority authority_;

 public:
  const std::string ca_file;

 private:
  boost::asio::io_context io_;
  RawServer server_;
  std::uint16_t port_;
  std::thread thread_;
};

std::string response(const std::string& status) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(push_command)

BOOST_AUTO_TEST_CASE(a_delivered_push_exits_0_and_shows_no_path, *utf::label("D3")) {
  const Consumer consumer(answering(response("200 OK")));
  const auto pushed = consumer.push({"--event", "invoice.updated"});
  BOOST_TEST_CONTEXT(pushed.out << pushed.err) {
    BOOST_TEST(pushed.code == 0);
    BOOST_TEST(contains(pushed.out, "invoice.updated to https://localhost:"));
    BOOST_TEST(contains(pushed.out, "ok 200"));
    BOOST_TEST(contains(pushed.out, "delivered"));
    BOOST_TEST(contains(pushed.err, "--allow-local"));
    BOOST_TEST(!contains(pushed.out + pushed.err, "topsecret"));
  }
}

BOOST_AUTO_TEST_CASE(retry_on_the_virtual_clock_shows_the_whole_ladder, *utf::label("R1") * utf::label("R4")) {
  const Consumer consumer(answering(response("503 Service Unavailable")));
  const auto pushed = consumer.push({"--event", "event.deleted", "--retry", "--clock", "virtual"});
  BOOST_TEST(pushed.code == 1);
  for (const char* part : {"attempt 4", "next attempt 1 min later", "next attempt 1 h later", "next attempt 6 h later",
                           "bad_status 503", "abandoned after 4 attempts"}) {
    BOOST_TEST_CONTEXT(part << " in " << pushed.out) BOOST_TEST(contains(pushed.out, part));
  }
}

BOOST_AUTO_TEST_CASE(the_ladder_may_count_from_the_first_failure, *utf::label("R2")) {
  const Consumer consumer(answering(response("503 Service Unavailable")));
  const auto pushed = consumer.push(
      {"--event", "event.deleted", "--retry", "--clock", "virtual", "--delays-count-from", "first-failure"});
  BOOST_TEST_CONTEXT(pushed.out) {
    BOOST_TEST(contains(pushed.out, "next attempt 1 min later"));
    BOOST_TEST(contains(pushed.out, "attempt 4"));
    BOOST_TEST(!contains(pushed.out, "next attempt 1 h later"));
    BOOST_TEST(!contains(pushed.out, "next attempt 6 h later"));
  }
}

BOOST_AUTO_TEST_CASE(says_of_itself_what_is_chosen, *utf::label("D2")) {
  Consumer consumer(answering(response("200 OK")));
  const auto pushed = consumer.push({"--event", "a.b", "--content-type", "text/x", "--user-agent", "Prospero (2)"});
  BOOST_TEST(pushed.code == 0);
  const auto request = consumer.stop().at(0);
  BOOST_TEST_CONTEXT(request) {
    BOOST_TEST(contains(request, "\r\nContent-Type: text/x\r\n"));
    BOOST_TEST(contains(request, "\r\nUser-Agent: Prospero (2)\r\n"));
  }
}

BOOST_AUTO_TEST_CASE(json_is_one_object_with_the_attempts, *utf::label("D3")) {
  const Consumer consumer(answering(response("201 Created")));
  const auto pushed = consumer.push({"--event", "event.created", "--json"});
  BOOST_TEST(pushed.code == 1);
  const auto object = json::parse(pushed.out);
  BOOST_TEST(object.at("attempts").as_array().size() == 1u);
  BOOST_TEST(object.at("attempts").at(0).at("outcome") == "bad_status");
  BOOST_TEST(object.at("attempts").at(0).at("status") == 201);
  BOOST_TEST(object.at("state") == "pending");
  BOOST_TEST(!contains(pushed.out, "topsecret"));
}

BOOST_AUTO_TEST_CASE(exit_codes_tell_policy_and_unreachable, *utf::label("D5") * utf::label("D6")) {
  const auto push = [](const std::string& url, std::vector<std::string> more) {
    more.insert(more.begin(), {MOCK_PROSPERO, "push", url, "--event", "event.created"});
    return run(more);
  };
  const auto refused = push("https://127.0.0.1:1/topsecret", {});
  BOOST_TEST(refused.code == 2);
  BOOST_TEST(contains(refused.err, "--allow-local"));
  BOOST_TEST(!contains(refused.err, "topsecret"));
  const auto unreachable = push("https://127.0.0.1:1/topsecret", {"--allow-local"});
  BOOST_TEST(unreachable.code == 3);
  BOOST_TEST(contains(unreachable.out, "connection refused by 127.0.0.1:1"));
}

BOOST_AUTO_TEST_CASE(usage_errors_exit_2_in_one_line, *utf::label("D6")) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> rows{
      {{"--allow-net", "10.0.0.1/8"}, "--allow-net"},
      {{"--dns", "nonsense"}, "--dns"},
      {{"--dns", ""}, "--dns"},
      {{"--ca", "/dev/null"}, "--ca"},
      {{"--data", "/nonexistent"}, "--data /nonexistent"},
      {{"--set", "x"}, "--set x"},
      {{"--clock", "lunar"}, "--clock"},
      {{"--rate", "nan"}, "--rate"},
      {{"--rate", "inf"}, "--rate"},
  };
  for (const auto& [flags, name] : rows) {
    std::vector<std::string> argv{MOCK_PROSPERO, "push", "https://consumer.example/topsecret", "--event", "a.b"};
    argv.insert(argv.end(), flags.begin(), flags.end());
    const auto finished = run(argv);
    BOOST_TEST_CONTEXT(name << ": " << finished.err) {
      BOOST_TEST(finished.code == 2);
      BOOST_TEST(contains(finished.err, name));
      BOOST_TEST(finished.out == "");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
