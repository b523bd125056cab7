// The tester tested: each bad consumer is failed by exactly the cases that name its fault, and every case by some.
#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "catalogue.hpp"
#include "conformance/asio_loop.hpp"
#include "conformance/path_entropy.hpp"
#include "conformance/registry.hpp"
#include "conformance/run.hpp"
#include "conformance/wire_client.hpp"
#include "conformance/witness_sources.hpp"
#include "support/temp_folder.hpp"
#include "transport/transport.hpp"
#include "wandering_name.hpp"

namespace utf = boost::unit_test;
using namespace bad_consumers;
using namespace mock::conformance;

namespace {

constexpr std::size_t in_parallel = 10;
constexpr int runs_at_most = 4;

using Ids = std::set<std::string>;

Ids words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

std::string joined(const Ids& ids) {
  std::string out;
  for (const auto& id : ids) out += (out.empty() ? "" : " ") + id;
  return out;
}

struct Outcome {
  std::string not_passed;
  bool judged = false;
};

struct Told : Witness {
  explicit Told(std::function<WitnessReading()> consumer) : tell(std::move(consumer)) {}
  WitnessReading read() override { return tell(); }
  std::function<WitnessReading()> tell;
};

struct Judge {
  test_support::CertificateAuthority authority;
  test_support::TempFolder folder;
  std::string ca_file = test_support::write_pem(folder.file("ca.pem"), authority.pem());
  std::mutex mutex;  // certificates are made by one thread at a time

  // In this process, over TLS.
  Report judge_server(const BadConsumer& bad, ServerOptions options) const {
    std::unique_ptr<Witness> witness;
    if (options.witness) witness = std::make_unique<Told>(options.witness);
    const BadServer server(std::move(options));
    const std::vector<std::string> long_ones{"D9-bulk", "D4-sustained"};
    const SelectionOptions selection{{}, bad.under_load ? std::vector<std::string>{} : long_ones, bad.events};
    return judge_at("https://" + bad.host + ":" + std::to_string(server.port()) + bad.path, bad, selection,
                    witness.get(), nullptr);
  }

  // A program that can be killed, which keeps a journal beside.
  Report judge_program(const BadConsumer& bad) const {
    const test_support::TempFolder own;
    const auto journal = own.file("journal");
    const auto leaf = authority.issue();
    const auto command = std::string(BAD_CONSUMER) + " --cert " + test_support::write_pem(own.file("c.pem"), leaf.pem) +
                         " --key " + test_support::write_pem(own.file("k.pem"), leaf.key_pem) +
                         " --status 200 --journal " + journal + " " + bad.program_flags;
    const auto process = make_consumer_process(command, url_from_output);
    BOOST_TEST_REQUIRE(process->start() == "");
    const auto witness = make_command_witness("cat " + journal);
    return judge_at(process->url(), bad, {{"D3-exactly-200", "R1", "R3"}, {}, {}}, witness.get(), process.get());
  }

  Report judge_at(const std::string& url, const BadConsumer& bad, const SelectionOptions& selection, Witness* witness,
                  ConsumerProcess* process) const {
    boost::asio::io_context io;
    const auto system_lookup = mock::transport::make_cares_lookup(io);
    WanderingName lookup(*system_lookup, bad.wanders_at);
    mock::transport::TransportOptions transport_options;
    transport_options.policy.allow_local = true;
    transport_options.ca_files = {ca_file};
    mock::transport::HttpTransport transport(io, lookup, transport_options);
    AsioLoop loop(io);
    WireClient wire(url, lookup, loop, transport_options);
    Plan plan;
    plan.target = {url,   "https://" + bad.host, events_to_push(selection), true, bad.host == "localhost",
                   false, path_bits(bad.path)};
    plan.cases = select(all_cases(), selection);
    plan.seed = 7;
    plan.lifted = true;
    return run(plan, {transport, loop, wire, witness, process}, [](const CaseResult&) {});
  }

  Report judge_once(const BadConsumer& bad) {
    if (!bad.program_flags.empty()) return judge_program(bad);
    std::unique_lock lock(mutex);
    auto options = bad.make(authority);
    lock.unlock();
    return judge_server(bad, std::move(options));
  }

  // On a machine so busy that the tester could not judge, it says so and is asked again.
  Outcome judge(const BadConsumer& bad) {
    Outcome outcome;
    for (int i = 0; i < runs_at_most && !outcome.judged; ++i) {
      const auto report = judge_once(bad);
      Ids ids;
      for (const auto& result : report.cases) {
        const bool not_passed = result.status == Status::failed || result.status == Status::advice;
        if (not_passed) ids.insert(result.definition->id);
      }
      outcome = {joined(ids), !report.unreached && summarize(report).error == 0};
    }
    return outcome;
  }
};

std::vector<Outcome> judge_all(const std::vector<BadConsumer>& list) {
  Judge judge;
  std::vector<Outcome> outcomes(list.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < in_parallel; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < list.size(); at = next++) outcomes[at] = judge.judge(list[at]);
    });
  }
  for (auto& thread : threads) thread.join();
  return outcomes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bad_consumer)

BOOST_AUTO_TEST_CASE(each_fails_exactly_the_cases_of_its_fault,
                     *utf::label("slow") * utf::label("D1") * utf::label("D3") * utf::label("D4") * utf::label("D7") *
                         utf::label("D8") * utf::label("E10") * utf::label("R5")) {
  const auto list = catalogue();
  const auto outcomes = judge_all(list);
  for (std::size_t i = 0; i < list.size(); ++i) {
    BOOST_TEST_CONTEXT(list[i].name) {
      BOOST_TEST(outcomes[i].judged);
      BOOST_TEST(outcomes[i].not_passed == joined(words(list[i].fails)));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_that_does_everything_right_passes_every_case, *utf::label("slow") * utf::label("D3")) {
  BOOST_TEST(judge_all({{"right", "", telling, true}}).front().not_passed == "");
}

BOOST_AUTO_TEST_CASE(one_that_stores_before_it_answers_survives_every_kill, *utf::label("slow") * utf::label("R3")) {
  const auto outcome =
      judge_all({{.name = "right", .fails = "", .make = right, .program_flags = "--delay 0.01"}}).front();
  BOOST_TEST(outcome.judged);
  BOOST_TEST(outcome.not_passed == "");
}

BOOST_AUTO_TEST_CASE(there_are_at_least_forty_with_names_of_their_own) {
  Ids names;
  for (const auto& bad : catalogue()) {
    BOOST_TEST(names.insert(bad.name).second, bad.name);
    BOOST_TEST(!bad.fails.empty());
  }
  BOOST_TEST(names.size() >= 40u);
}

BOOST_AUTO_TEST_CASE(every_case_is_failed_by_at_least_one) {
  Ids covered;
  for (const auto& bad : catalogue()) covered.merge(words(bad.fails));
  Ids uncovered;
  for (const auto& each : all_cases()) {
    if (covered.erase(each.id) == 0) uncovered.insert(each.id);
  }
  BOOST_TEST(joined(uncovered) == "");
  BOOST_TEST(joined(covered) == "");  // names of no case
}

BOOST_AUTO_TEST_SUITE_END()
