// Signals, starts that fail, and metrics of the real sample-consumer.
#include <arpa/inet.h>
#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "programs.hpp"

namespace fs = std::filesystem;
namespace utf = boost::unit_test;
using Clock = std::chrono::steady_clock;

namespace {

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// ChildProcess::wait() would read what is written to stdout.
bool has_ended(const test_support::ChildProcess& process) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/// A named pipe that takes nothing more.
class FullPipe {
 public:
  explicit FullPipe(std::string file) : file_(std::move(file)) {
    BOOST_REQUIRE(mkfifo(file_.c_str(), 0600) == 0);
    pipe_ = open(file_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    BOOST_REQUIRE(pipe_ >= 0);
    const std::array<char, 4'096> bytes{};
    while (write(pipe_, bytes.data(), bytes.size()) > 0) continue;
    BOOST_REQUIRE(errno == EAGAIN);
  }
  ~FullPipe() { close(pipe_); }
  FullPipe(const FullPipe&) = delete;
  FullPipe& operator=(const FullPipe&) = delete;
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  int pipe_ = -1;
};

/// Lets a process have so much address space beyond what it has. A system without overcommit refuses memory alike.
void leave_memory(pid_t pid, rlim_t bytes) {
  rlim_t pages = 0;
  std::ifstream("/proc/" + std::to_string(pid) + "/statm") >> pages;
  const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + bytes;
  const rlimit limit{most, RLIM_INFINITY};
  BOOST_REQUIRE(::prlimit(pid, RLIMIT_AS, &limit, nullptr) == 0);
}

/// A port that takes no more connections: a connect() to it neither succeeds nor fails.
class FullPort {
 public:
  FullPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool listens =
        bind(listener_, generic, size) == 0 && listen(listener_, 0) == 0 && getsockname(listener_, generic, &size) == 0;
    BOOST_TEST_REQUIRE(listens);
    port_ = ntohs(address.sin_port);
    for (const int filler : fillers_) connect(filler, generic, size);  // the first one is taken, the others wait
  }
  ~FullPort() {
    close(listener_);
    for (const int filler : fillers_) close(filler);
  }
  FullPort(const FullPort&) = delete;
  FullPort& operator=(const FullPort&) = delete;
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  static int tcp(int more = 0) { return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | more, 0); }
  const int listener_ = tcp();
  const std::array<int, 3> fillers_ = {tcp(SOCK_NONBLOCK), tcp(SOCK_NONBLOCK), tcp(SOCK_NONBLOCK)};
  std::uint16_t port_ = 0;
};

/// A consumer whose handlers stand still: each connects to an API that does not take connections.
struct Stalled {
  FullPort api;
  test_support::TempFolder folder;
  const std::string log = folder.file("log");
  test_support::ChildProcess process{{e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--http", "--inbox",
                                      "sqlite:" + folder.file("inbox.db"), "--path", "/hook/secret", "--admin",
                                      "127.0.0.1:0", "--api", api.url(), "--handler-time", "1ms"},
                                     log};
  const std::string url = process.read_line(), admin = process.read_line();

  Stalled() {
    httplib::Client client(url.substr(0, url.find('/', 8)));
    for (int n = 0; n < 40; ++n) {  // the second update of an entity in one second is ambiguous (H9)
      const std::string digits = std::to_string(10 + n / 2);
      const auto answer =
          client.Post("/hook/secret",
                      R"({"event":"offer.updated","data":{"id":"5d1c2f80-c93e-11f0-8de9-0242ac1200)" + digits +
                          R"(","orgId":"5d1c2f80-c93e-11f0-8de9-0242ac120002","n":)" + std::to_string(n) + "}}",
                      "application/json");
      BOOST_TEST_REQUIRE(static_cast<bool>(answer));
      BOOST_TEST_REQUIRE(answer->status == 200);
    }
    e2e::eventually("many handlers stand still", [&] {
      const auto ready = httplib::Client(admin.substr(0, admin.size() - 1)).Get("/readyz");
      return ready && ready->body.find("have outlived --handler-time") != std::string::npos;
    });
  }
};

struct Plain {
  test_support::TempFolder folder;
  std::string log = folder.file("log");
  test_support::ChildProcess process{
      {e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--http", "--inbox",
       "sqlite:" + folder.file("inbox.db"), "--path", "/hook/secret", "--body-max", "256MiB"},
      log};
  std::string url = process.read_line();

  int status_of(const std::string& body) const {
    const auto answer = httplib::Client(url.substr(0, url.find('/', 8))).Post("/hook/secret", body, "application/json");
    return answer ? answer->status : 0;
  }
  void wait_until_all_threads_run() {
    BOOST_TEST(status_of(R"({"event":"offer.updated","data":{"id":"5d1c2f80-c93e-11f0-8de9-0242ac120002"}})") == 200);
    process.read_until("handled");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(sigterm_ends_in_time_though_handlers_stand_still, *utf::label("R3")) {
  Stalled stalled;
  const auto start = Clock::now();
  stalled.process.signal(SIGTERM);
  e2e::eventually("the consumer ends", [&] { return has_ended(stalled.process); });
  BOOST_TEST((Clock::now() - start < std::chrono::seconds(5)));
  BOOST_TEST(stalled.process.wait().code == 0);
  BOOST_TEST(text_of(stalled.log).find("stays pending in the inbox") != std::string::npos);

  e2e::Consumer again(stalled.folder, {"--path", "/hook/secret"});
  again.process().read_until("not re-read without --api");  // what was left
}

BOOST_AUTO_TEST_CASE(stdout_that_nobody_reads_holds_up_no_handler_and_no_stop, *utf::label("R3")) {
  const test_support::TempFolder folder;
  const std::string log = folder.file("log"), label(4'000, 'l');  // named in every line: few lines fill the pipe
  test_support::ChildProcess process({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--self-signed",
                                      folder.file("tls"), "--inbox", "sqlite:" + folder.file("inbox.db"), "--path",
                                      label + "=/hook/secret", "--admin", "127.0.0.1:0", "--handler-time", "1s"},
                                     log);
  const std::string url = process.read_line(), admin = process.read_line();
  for (int n = 0; n < 2; ++n) {  // one entity: each push waits for the one before
    const auto pushed = e2e::push(folder, url, {"--event", "offer.updated", "--repeat", "40"});
    BOOST_TEST_REQUIRE(pushed.code == 0, pushed.err);
  }
  const auto page = [&](const std::string& path) {
    const auto answer = httplib::Client(admin.substr(0, admin.size() - 1)).Get(path);
    return answer ? answer->body : "";
  };
  e2e::eventually("all are handled", [&] {
    return page("/metrics").find("prospero_inbox_rows{state=\"pending\"} 0\n") != std::string::npos;
  });
  BOOST_TEST(page("/readyz").find("ready") != std::string::npos);
  const auto start = Clock::now();
  process.signal(SIGTERM);
  e2e::eventually("the consumer ends", [&] { return has_ended(process); });
  BOOST_TEST((Clock::now() - start < std::chrono::seconds(5)));
  BOOST_TEST(process.wait().code == 0);
  BOOST_TEST(text_of(log).find("nobody reads stdout") != std::string::npos);
}

// At the end what is logged is waited for.
BOOST_AUTO_TEST_CASE(stderr_that_nobody_reads_holds_up_no_stop, *utf::label("R3")) {
  const test_support::TempFolder folder;
  const FullPipe log(folder.file("log"));
  sigset_t alarm, before;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  pthread_sigmask(SIG_BLOCK, &alarm, &before);  // as a supervisor may that has alarms of its own
  test_support::ChildProcess process({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--http", "--inbox",
                                      "sqlite:" + folder.file("inbox.db")},
                                     log.file());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  process.read_line();
  process.signal(SIGTERM);
  BOOST_TEST(process.wait().code == 0);
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_at_once) {
  Stalled stalled;
  stalled.process.signal(SIGTERM);
  e2e::eventually("the stop is told", [&] { return text_of(stalled.log).find("stopping") != std::string::npos; });
  const auto start = Clock::now();
  stalled.process.signal(SIGTERM);
  e2e::eventually("the consumer ends", [&] { return has_ended(stalled.process); });
  BOOST_TEST((Clock::now() - start < std::chrono::seconds(2)));
  BOOST_TEST(stalled.process.wait().signal == SIGTERM);
}

BOOST_AUTO_TEST_CASE(sighup_reads_the_certificate_again, *utf::label("D7")) {
  const test_support::TempFolder folder, other;
  const std::string log = folder.file("log");
  { const e2e::Consumer made(other); }
  const std::string tls = folder.file("tls");
  fs::copy(other.file("tls"), tls);
  test_support::ChildProcess consumer({e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--cert",
                                       tls + "/cert.pem", "--key", tls + "/key.pem", "--inbox", "memory:"},
                                      log);
  const std::string url = consumer.read_line();
  consumer.signal(SIGHUP);
  e2e::eventually("it is told", [&] { return text_of(log).find("new certificate") != std::string::npos; });
  BOOST_TEST(e2e::push(folder, url, {"--event", "offer.updated"}).code == 0);
  std::ofstream(tls + "/key.pem") << "nonsense\n";
  consumer.signal(SIGHUP);
  e2e::eventually("the failure is told", [&] { return text_of(log).find("is not used") != std::string::npos; });
  BOOST_TEST(e2e::push(folder, url, {"--event", "offer.updated"}).code == 0);
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_leaves_nothing) {
  const test_support::TempFolder folder, empty;
  const e2e::Consumer running(folder);
  const auto refuses = [&](e2e::Args more, const std::string& named) {
    e2e::Args args = {e2e::program("sample-consumer"), "--self-signed", empty.file("tls"), "--inbox",
                      "sqlite:" + empty.file("inbox.db")};
    args.insert(args.end(), more.begin(), more.end());
    const auto finished = test_support::run(args);
    BOOST_TEST(finished.code == 2);
    BOOST_TEST(finished.err.find(named) != std::string::npos, finished.err);
    BOOST_TEST(fs::is_empty(empty.path()), "left something: " << finished.err);
  };
  refuses({"--listen", "127.0.0.1:" + running.port()}, running.port());
  refuses({"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:" + running.port()}, "--admin: ");
  refuses({"--listen", "192.0.2.1:0"}, "192.0.2.1");
  refuses({"--listen", "127.0.0.1:0", "--ready-file", "/proc/url"}, "--ready-file: ");
  refuses({"--listen", "127.0.0.1:0", "--ready-file", folder.path().string()}, "is a folder");
}

BOOST_AUTO_TEST_CASE(a_file_that_may_not_grow_is_a_full_disk) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder);
  const rlimit no_growth{1, RLIM_INFINITY};
  BOOST_REQUIRE(::prlimit(consumer.process().pid(), RLIMIT_FSIZE, &no_growth, nullptr) == 0);
  BOOST_TEST(consumer.admin_page("/readyz").first == 503);
  BOOST_TEST(consumer.admin("/healthz").at("status") == "ok");
}

// A string that grows doubles: 64 MiB can be had, 128 beside them cannot, and what others need is left all the time.
BOOST_AUTO_TEST_CASE(a_large_body_without_memory_for_it_gets_503_and_the_others_go_on, *utf::label("R4")) {
  Plain consumer;
  consumer.wait_until_all_threads_run();
  leave_memory(consumer.process.pid(), 180u << 20);
  BOOST_TEST(consumer.status_of(std::string(66u << 20, ' ')) == 503);
  BOOST_TEST(consumer.status_of("{}") == 200);
  e2e::eventually("it is told",
                  [&] { return text_of(consumer.log).find("no memory for a body") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_nearly_full_disk_is_not_ready) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder, {"--min-free", "4000000TiB"});
  const auto [status, why] = consumer.admin_page("/readyz");
  BOOST_TEST(status == 503);
  BOOST_TEST(why.find("--min-free") != std::string::npos);
  BOOST_TEST(consumer.admin("/healthz").at("status") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
