// What a person meets: every mistake ends with exit code 2 and one line that names it.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "programs.hpp"

namespace utf = boost::unit_test;

namespace {

void refuses(const e2e::Args& args, const std::string& named) {
  const auto finished = test_support::run(args);
  BOOST_TEST_INFO("stdout: " << finished.out << "stderr: " << finished.err);
  BOOST_TEST(finished.code == 2);
  BOOST_TEST_INFO("stderr: " << finished.err);
  BOOST_TEST(finished.err.find(named) != std::string::npos);
}

e2e::Args consumer(const test_support::TempFolder& folder, const e2e::Args& more) {
  e2e::Args args = {e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--inbox",
                    "sqlite:" + folder.file("inbox-2.db")};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mistakes)

BOOST_AUTO_TEST_CASE(of_the_consumer_are_named) {
  const test_support::TempFolder folder;
  const e2e::Consumer running(folder);
  const std::string tls = folder.file("tls"), port = running.port();
  std::ofstream(folder.file("not.pem")) << "not a certificate\n";

  refuses(
      {e2e::program("sample-consumer"), "--listen", "127.0.0.1:" + port, "--self-signed", tls, "--inbox", "memory:"},
      port);
  refuses(consumer(folder, {"--cert", tls + "/cert.pem", "--key", folder.file("absent.pem")}), "absent.pem");
  refuses(consumer(folder, {"--cert", folder.file("not.pem"), "--key", tls + "/key.pem"}), "not.pem");
  refuses(consumer(folder, {"--self-signed", tls, "--no-such-flag"}), "--no-such-flag");
  refuses({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--self-signed", tls, "--inbox",
           "sqlite:/proc/inbox.db"},
          "/proc/inbox.db");
  refuses({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--self-signed", tls, "--inbox",
           "sqlite:" + folder.file("inbox.db")},
          "inbox.db");
  refuses({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--self-signed", tls, "--inbox", "redis:x"},
          "redis");
}

BOOST_AUTO_TEST_CASE(of_the_push_command_are_named, *utf::label("D6")) {
  const auto push = [](const e2e::Args& more) {
    e2e::Args args = {e2e::program("mock-prospero"), "push"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  };
  refuses(push({"https://localhost:1/hook", "--event", "event.created"}), "--allow-local");
  refuses(push({"http://example.org/hook", "--event", "event.created"}), "--allow-http");
  refuses(push({"https://10.0.0.1/hook", "--event", "event.created"}), "--allow-net");
  refuses(push({"https://127.0.0.1:1/hook", "--allow-local"}), "--event");
  refuses(push({"https://a.example/hook", "--event", ""}), "is empty");
  refuses(push({"https://a.example/hook", "--event", "a.\x1b[31m"}), "control characters");
  refuses(push({"https://a.example/hook", "--event", "a.b", "--body", "/"}), "is a folder");
}

BOOST_AUTO_TEST_CASE(of_the_serve_command_are_named, *utf::label("G6")) {
  const test_support::TempFolder folder;
  const auto serve = [](const e2e::Args& more) {
    e2e::Args args = {e2e::program("mock-prospero"), "serve"};
    args.insert(args.end(), more.begin(), more.end());
    return args;
  };
  std::ofstream(folder.file("empty")) << "\n";
  refuses(serve({"--content-type", "json"}), "--content-type: 'json' is no media type, such as application/json");
  refuses(serve({"--content-type", "a/b\r\nX: y"}), "--content-type: 'a/b\\u{d}\\u{a}X: y' has a character that");
  refuses(serve({"--user-agent", ""}), "--user-agent");
  refuses(serve({"--delays-count-from", "now"}), "{previous-failure,first-failure}");
  refuses(serve({"--archive-fires", "archived"}), "of the form word.word");
  refuses(serve({"--without-fields", "createdAt,id"}), "always has its id (T1)");
  refuses(serve({"--without-fields", "title"}), "none of createdAt, lastUpdatedAt and orgId");
  refuses(serve({"--allow-net", "10.0.0.0/08"}), "begins with a zero");
  refuses(serve({"--listen", "no.such.host.invalid:0", "--token", "t"}), "no name that leads to this machine");
  refuses(serve({"--listen", "::1:0"}), "brackets");
  refuses(serve({"--listen", "127.0.0.1"}), "HOST:PORT");
  refuses(serve({"--listen", "0.0.0.0:0"}), "--token-file");
  refuses(serve({"--token-file", folder.file("absent")}), "absent: cannot be read");
  refuses(serve({"--token-file", folder.file("empty")}), "is empty");
  refuses(serve({"--token-file", "/"}), "is a folder");
  refuses(serve({"--public-url", "mock.example"}), "https://");
  refuses(serve({"--clock", "virtual", "--speed", "60"}), "--speed");
  refuses(serve({"--speed", "0"}), "--speed");
  refuses(serve({"--speed", "nan"}), "--speed");
  refuses(serve({"--max-connections", "0"}), "--max-connections");
  refuses(serve({"--ready-file", folder.file("absent/ready")}), "--ready-file");
  BOOST_TEST(test_support::run(serve({"--ready-file", folder.file("absent/ready")})).out == "");
}

BOOST_AUTO_TEST_CASE(an_unreachable_consumer_makes_push_exit_3, *utf::label("D5")) {
  const test_support::TempFolder folder;
  std::string url;
  {
    const e2e::Consumer gone(folder);
    url = gone.url();
  }
  BOOST_TEST(e2e::push(folder, url, {"--event", "event.created"}).code == 3);
}

BOOST_AUTO_TEST_SUITE_END()
