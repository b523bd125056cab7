// Signals, starts that fail, and metrics of the real sample-consumer.
#include <sys/resource.h>
#include <sys/wait.h>

#include <boost/test/unit_test.hpp>
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

/// A consumer whose stdout nobody reads after the two ready lines, and so many handled pushes that their lines fill the
/// pipe: handlers stand in write().
struct Stalled {
  test_support::TempFolder folder;
  const std::string log = folder.file("log");
  test_support::ChildProcess process{
      {e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--self-signed", folder.file("tls"), "--inbox",
       "sqlite:" + folder.file("inbox.db"), "--path", label() + "=/hook/secret", "--admin", "127.0.0.1:0"},
      log};
  const std::string url = process.read_line();

  /// Every line of a handled push names the label, so a long one fills the pipe with few pushes.
  static std::string label() { return std::string(4'000, 'l'); }

  Stalled() {
    process.read_line();
    const auto pushed = e2e::push(folder, url, {"--event", "offer.updated", "--repeat", "40"});
    BOOST_TEST_REQUIRE(pushed.code == 0, pushed.err);
  }

  /// ChildProcess::wait() would read what the handlers write.
  bool has_ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(process.pid()), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(sigterm_ends_in_time_though_handlers_stand_still, *utf::label("R3")) {
  Stalled stalled;
  const auto start = Clock::now();
  stalled.process.signal(SIGTERM);
  e2e::eventually("the consumer ends", [&] { return stalled.has_ended(); });
  BOOST_TEST((Clock::now() - start < std::chrono::seconds(5)));
  BOOST_TEST(stalled.process.wait().code == 0);
  BOOST_TEST(text_of(stalled.log).find("stays pending in the inbox") != std::string::npos);

  e2e::Consumer again(stalled.folder, {"--path", "/hook/secret"});
  again.process().read_until("handled");  // what was left
}

BOOST_AUTO_TEST_CASE(a_second_signal_ends_at_once) {
  Stalled stalled;
  stalled.process.signal(SIGTERM);
  e2e::eventually("the stop is told", [&] { return text_of(stalled.log).find("stopping") != std::string::npos; });
  const auto start = Clock::now();
  stalled.process.signal(SIGTERM);
  e2e::eventually("the consumer ends", [&] { return stalled.has_ended(); });
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

BOOST_AUTO_TEST_CASE(a_nearly_full_disk_is_not_ready) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder, {"--min-free", "4000000TiB"});
  const auto [status, why] = consumer.admin_page("/readyz");
  BOOST_TEST(status == 503);
  BOOST_TEST(why.find("--min-free") != std::string::npos);
  BOOST_TEST(consumer.admin("/healthz").at("status") == "ok");
}

BOOST_AUTO_TEST_SUITE_END()
