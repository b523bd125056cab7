#include "conformance/witness_sources.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "conformance/asio_loop.hpp"
#include "conformance/consumer_process.hpp"
#include "conformance/shell_command.hpp"
#include "support/raw_server.hpp"
#include "support/temp_folder.hpp"

using namespace mock::conformance;
using std::chrono::milliseconds;

namespace {

const std::string one_line =
    R"({"identity":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","result":"processed","times":2})";

// A witness behind a peer that follows a script, on a thread of its own.
struct Scripted {
  explicit Scripted(test_support::Script script, std::string header = {}, bool tls = false) {
    test_support::RawServerOptions options;
    if (tls) options.certificate = authority.issue();
    server.emplace(server_io, std::move(script), options);
    thread = std::thread([this] {
      const auto work = boost::asio::make_work_guard(server_io);
      server_io.run();
    });
    const auto port = std::to_string(server->port());
    lookup = mock::transport::make_cares_lookup(io);
    witness = make_http_witness({(tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + port + "/secret?x=1",
                                 std::move(header),
                                 {test_support::write_pem(folder.file("ca.pem"), authority.pem())}},
                                *lookup, loop);
  }
  ~Scripted() {
    server_io.stop();
    thread.join();
    server.reset();
  }
  Scripted(const Scripted&) = delete;
  Scripted& operator=(const Scripted&) = delete;

  std::string problem() {
    auto text = witness->read().problem;
    BOOST_TEST(text.find("secret") == std::string::npos);
    return text.substr(text.find(": ") + 2);
  }

  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  boost::asio::io_context server_io, io;
  std::optional<test_support::RawServer> server;
  std::thread thread;
  std::unique_ptr<mock::transport::NameLookup> lookup;
  AsioLoop loop{io};
  std::unique_ptr<Witness> witness;
};

test_support::Script answered(std::string response) {
  return {test_support::read_request(), test_support::write(std::move(response)), test_support::close()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(witness_sources)

BOOST_AUTO_TEST_CASE(every_framing_of_http_is_read) {
  const auto size = std::to_string(one_line.size());
  for (const auto& rest : {"Content-Length: " + size + "\r\n\r\n" + one_line,
                           "Transfer-Encoding: chunked\r\n\r\n8\r\n" + one_line.substr(0, 8) + "\r\n" + "66\r\n" +
                               one_line.substr(8) + "\r\n0\r\n\r\n",
                           "\r\n" + one_line}) {
    Scripted scripted(answered("HTTP/1.1 200 OK\r\n" + rest));
    const auto reading = scripted.witness->read();
    BOOST_TEST(reading.problem == "");
    BOOST_TEST(describe(*reading.find("{}")) == "processed 2 times");
  }
}

BOOST_AUTO_TEST_CASE(a_token_goes_over_tls_in_a_header) {
  Scripted scripted(answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "Authorization: Bearer abc", true);
  BOOST_TEST(scripted.witness->read().problem == "");
  scripted.server_io.stop();
  BOOST_TEST(scripted.server->requests().at(0).find("GET /secret?x=1 HTTP/1.1\r\n") == 0u);
  BOOST_TEST(scripted.server->requests().at(0).find("\r\nAuthorization: Bearer abc\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_complete_200_is_a_problem) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", "it answers 401"},
      {"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "it answers 302"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + one_line, "the connection ended before its answer did"},
      {"SSH-2.0-OpenSSH\r\n", "no HTTP: the answer does not start with HTTP/1."},
  };
  for (const auto& [response, problem] : rows) BOOST_TEST(Scripted(answered(response)).problem() == problem);
}

BOOST_AUTO_TEST_CASE(an_endless_answer_is_cut_at_its_size) {
  Scripted scripted({test_support::read_request(), test_support::write("HTTP/1.1 200 OK\r\n\r\n"),
                     test_support::repeat(std::string(64 * 1024, ' '))});
  const auto problem = scripted.problem();
  BOOST_TEST((problem == "its answer is over 32 MiB" || problem == "no complete answer within 5 s"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_trickles_is_cut_at_its_time) {
  Scripted scripted({test_support::read_request(), test_support::write("HTTP/1.1 200 OK\r\n\r\n"),
                     test_support::trickle(std::string(1000, ' '), milliseconds(100))});
  BOOST_TEST(scripted.problem() == "no complete answer within 5 s");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_url_or_a_header_is_refused_in_one_line) {
  boost::asio::io_context io;
  AsioLoop loop(io);
  const auto lookup = mock::transport::make_cares_lookup(io);
  const std::string url = "http://localhost/witness";
  for (const auto& [address, header] : std::vector<std::pair<std::string, std::string>>{{"ftp://x/", ""},
                                                                                        {"witness", ""},
                                                                                        {"file:/tmp/witness", ""},
                                                                                        {"http://h:x/", ""},
                                                                                        {url, "no colon"},
                                                                                        {url, ": x"},
                                                                                        {url, "A: b\r\nC: d"},
                                                                                        {url, "A b: c"}}) {
    BOOST_CHECK_EXCEPTION(make_http_witness({address, header, {}}, *lookup, loop), std::invalid_argument,
                          [](const std::invalid_argument& error) {
                            const std::string text = error.what();
                            return text.starts_with("--witness") && text.find("webhook") == std::string::npos;
                          });
  }
}

BOOST_AUTO_TEST_CASE(a_command_prints_the_lines) {
  const auto reading = make_command_witness("echo '" + one_line + "'")->read();
  BOOST_TEST(reading.problem == "");
  BOOST_TEST(describe(*reading.find("{}")) == "processed 2 times");
}

BOOST_AUTO_TEST_CASE(a_command_that_fails_or_does_not_end_or_prints_too_much_is_a_problem) {
  BOOST_TEST(output_of("exit 3", milliseconds(20'000), 100).problem == "it ended with exit code 3");
  BOOST_TEST(output_of("kill -9 $$", milliseconds(20'000), 100).problem == "it ended with signal 9");
  BOOST_TEST(output_of("exec sleep 600", milliseconds(1000), 100).problem == "it took longer than 1 s");
  BOOST_TEST(output_of("yes", milliseconds(20'000), 100).problem == "it printed more than 100 bytes");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_command_is_that_of_all_that_it_started) {
  std::string pid;
  {
    ShellCommand command("sleep 600 & echo $!; wait");
    command.read(pid, std::chrono::steady_clock::now() + std::chrono::seconds(20));
  }
  BOOST_TEST(::kill(std::stoi(pid), 0) != 0);
}

BOOST_AUTO_TEST_CASE(a_consumer_tells_its_url_anew_at_each_start) {
  const test_support::TempFolder folder;
  const auto starts = folder.file("starts");
  const auto process = make_consumer_process(
      "echo x >>" + starts + "; echo http://localhost:$(grep -c x " + starts + ")/hook; exec sleep 600",
      url_from_output);
  for (const auto* const url : {"http://localhost:1/hook", "http://localhost:2/hook"}) {
    BOOST_TEST(process->start() == "");
    BOOST_TEST(process->url() == url);
  }
}

BOOST_AUTO_TEST_CASE(a_consumer_that_prints_without_end_is_read_and_killed) {
  const auto process = make_consumer_process("echo see http://localhost:1/hook now; exec yes", url_from_output);
  BOOST_TEST(!process->running());
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(process->start() == "");
    BOOST_TEST(process->url() == "http://localhost:1/hook");
    BOOST_TEST(process->running());
    process->kill();
    BOOST_TEST(!process->running());
  }
}

BOOST_AUTO_TEST_CASE(a_command_that_prints_no_url_says_so) {
  const auto problem_of = [](const char* command) { return make_consumer_process(command, url_from_output)->start(); };
  BOOST_TEST(problem_of("true") == "it ended before it printed its URL");
  BOOST_TEST(problem_of("echo hello; exec sleep 600") == "the first line that it printed holds no URL");
}

BOOST_AUTO_TEST_SUITE_END()
