// What the consumer is watched with: metric names in packaging/ and docs/ are those of the running program.
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "programs.hpp"
#include "support/certificates.hpp"

namespace fs = std::filesystem;
namespace utf = boost::unit_test;

namespace {

using Names = std::set<std::string>;

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  BOOST_TEST_REQUIRE(!text.empty(), file << " is empty or missing");
  return text;
}

/// So far; it may not be there yet.
std::string log_in(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The first groups of all matches.
Names all(const std::string& text, const std::string& expression) {
  const std::regex wanted(expression);
  Names names;
  for (std::sregex_iterator match(text.begin(), text.end(), wanted), end; match != end; ++match)
    names.insert(match->str(1));
  return names;
}

/// A series of a histogram under the name of its family.
Names families_in(const std::string& text) {
  Names families;
  for (const auto& name : all(text, "\\b(prospero_[a-z_]+[a-z])\\b"))
    families.insert(std::regex_replace(name, std::regex("_(seconds|size)_(bucket|sum|count)$"), "_$1"));
  return families;
}

Names without(Names names, const Names& known) {
  for (const auto& name : known) names.erase(name);
  return names;
}

std::string listed(const Names& names) {
  std::string list;
  for (const auto& name : names) list += " " + name;
  return list;
}

const std::string root = SOURCE_DIR;

/// Every family that the consumer can show: with TLS, an inbox in a file and some pushes.
Names live_families() {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder, {"--expect-push-every", "24h", "--inbox-max", "1GiB"});
  BOOST_TEST(e2e::push(folder, consumer.url(), {"--event", "offer.updated"}).code == 0);
  consumer.process().read_until("handled");
  return all(consumer.admin_page("/metrics").second, "# TYPE (prospero_[a-z_]+) ");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(watching)

BOOST_AUTO_TEST_CASE(dashboard_alerts_and_docs_name_metrics_that_there_are) {
  const Names live = live_families();
  BOOST_TEST(live.size() > 20u);
  for (const char* file :
       {"/packaging/grafana/sample-consumer.json", "/packaging/prometheus/alerts.yml", "/docs/operations.md"}) {
    const Names unknown = without(families_in(text_of(root + file)), live);
    BOOST_TEST(unknown.empty(), file << " names" << listed(unknown));
  }
  const Names untold = without(live, families_in(text_of(root + "/docs/operations.md")));
  BOOST_TEST(untold.empty(), "docs/operations.md does not explain" << listed(untold));
  const Names unseen = without(live, families_in(text_of(root + "/packaging/grafana/sample-consumer.json")));
  BOOST_TEST(unseen.empty(), "the dashboard does not show" << listed(unseen));
}

BOOST_AUTO_TEST_CASE(the_dashboard_is_json_and_every_alert_is_explained) {
  const auto board = boost::json::parse(text_of(root + "/packaging/grafana/sample-consumer.json"));
  BOOST_TEST(board.at("panels").as_array().size() > 5u);
  const std::string docs = text_of(root + "/docs/operations.md");
  for (const auto& alert : all(text_of(root + "/packaging/prometheus/alerts.yml"), "alert: ([A-Za-z]+)"))
    BOOST_TEST(docs.find("`" + alert + "`") != std::string::npos, alert);
}

BOOST_AUTO_TEST_CASE(the_unit_and_the_docs_use_flags_that_there_are) {
  const Names flags = all(test_support::run({e2e::program("sample-consumer"), "--help"}).out, "(--[a-z-]+[a-z])");
  BOOST_TEST(flags.size() > 15u);
  const Names in_unit =
      without(all(text_of(root + "/packaging/systemd/sample-consumer.service"), " (--[a-z-]+[a-z])"), flags);
  BOOST_TEST(in_unit.empty(), "the unit uses" << listed(in_unit));
  const Names in_docs = without(all(text_of(root + "/docs/operations.md"), "`(--[a-z-]+[a-z])"), flags);
  BOOST_TEST(in_docs.empty(), "docs/operations.md names" << listed(in_docs));
}

BOOST_AUTO_TEST_CASE(pushes_show_in_the_metrics_and_no_secret_does) {
  const test_support::TempFolder folder;
  e2e::Consumer consumer(folder, {"--path", "/hook/s3cret"});
  BOOST_TEST(e2e::push(folder, consumer.url(), {"--event", "offer.updated"}).code == 0);
  consumer.process().read_until("handled");
  e2e::eventually("the metrics show it", [&] {
    const std::string page = consumer.admin_page("/metrics").second;
    BOOST_TEST(page.find("s3cret") == std::string::npos);
    return page.find("prospero_answers_total{status=\"200\"} 1\n") != std::string::npos &&
           page.find("prospero_pushes_stored_total 1\n") != std::string::npos &&
           page.find("prospero_answer_seconds_count 1\n") != std::string::npos &&
           page.find("prospero_handler_seconds_count 1\n") != std::string::npos &&
           page.find("prospero_inbox_rows{state=\"processed\"} 1\n") != std::string::npos;
  });
  BOOST_TEST(text_of(folder.file("consumer.log")).find("s3cret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_expires_while_it_serves_is_told, *utf::label("D7")) {
  const test_support::TempFolder folder;
  const test_support::CertificateAuthority authority;
  test_support::LeafOptions short_lived;
  short_lived.valid_until = std::chrono::seconds(8);
  const auto leaf = authority.issue(short_lived);
  test_support::ChildProcess consumer(
      {e2e::program("sample-consumer"), "--listen", "127.0.0.1:0", "--inbox", "memory:", "--path", "/hook/a", "--cert",
       test_support::write_pem(folder.file("cert.pem"), leaf.pem), "--key",
       test_support::write_pem(folder.file("key.pem"), leaf.key_pem)},
      folder.file("log"));
  for (const char* line : {"warning the certificate expires in", "error the certificate has expired"})
    e2e::eventually(line, [&] { return log_in(folder.file("log")).find(line) != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_silence_is_told_with_what_it_may_mean, *utf::label("X1")) {
  const test_support::TempFolder folder;
  const e2e::Consumer consumer(folder, {"--expect-push-every", "1s"});
  e2e::eventually("the alarm", [&] {
    return log_in(folder.file("consumer.log")).find("disabled the webhook after failed answers (X1)") !=
               std::string::npos &&
           consumer.admin_page("/metrics").second.find("prospero_silence_alarm 1\n") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
