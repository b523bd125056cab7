#include "consumer/inbox_command.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <prospero/webhooks/receive/receiver.hpp>
#include <sstream>

#include "consumer/admin.hpp"
#include "consumer/config.hpp"
#include "support/temp_folder.hpp"

namespace pw = prospero::webhooks;
namespace json = boost::json;
using test_support::TempFolder;

namespace {

const std::string id = "6f1c2a00-8d3e-11ee-b962-0242ac120001";

std::string push(const std::string& event, const std::string& note) {
  return R"({"event":")" + event + R"(","data":{"id":")" + id + R"(","note":")" + note + R"("}})";
}

// An inbox file, and the consumer that has it open until close().
struct Stage {
  TempFolder folder;
  std::string url = "sqlite:" + folder.file("inbox.db");
  std::unique_ptr<pw::Inbox> inbox = pw::open_inbox(url);

  void receive(const std::string& body) {
    pw::ReceiverOptions options;
    options.hooks = {{"/hook", "opera"}};
    BOOST_TEST(pw::Receiver(*inbox, options).receive({"POST", "/hook", "", body}).status == 200);
  }
  void settle(pw::InboxState state) {
    const auto taken = inbox->take(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    BOOST_REQUIRE(taken);
    pw::HandOver result;
    result.state = state;
    BOOST_TEST(inbox->finish(taken->row.seq, result).durable());
  }
  void close() { inbox.reset(); }

  std::string run(const std::string& arguments) const { return run_line("inbox " + arguments + " --inbox " + url); }
  static std::string run_line(const std::string& line, bool to_terminal = false) {
    std::ostringstream out;
    run_line(line, out, to_terminal);
    return out.str();
  }
  static void run_line(const std::string& line, std::ostream& out, bool to_terminal = false) {
    CLI::App app{"test", "sample-consumer"};
    consumer::Flags consumer_flags;
    consumer::add_flags(app, consumer_flags);
    consumer::InboxFlags flags;
    consumer::add_inbox_command(app, flags);
    app.parse(line);
    flags.to_terminal = to_terminal;
    consumer::run_inbox_command(flags, out);
  }
  std::string refusal(const std::string& arguments) const {
    return refusal_of("inbox " + arguments + " --inbox " + url);
  }
  static std::string refusal_of(const std::string& line) {
    try {
      return "not refused: " + run_line(line);
    } catch (const consumer::ConfigError& error) {
      return error.what();
    } catch (const pw::InboxError& error) {
      return error.what();
    }
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox_command)

BOOST_AUTO_TEST_CASE(looking_works_beside_a_running_consumer) {
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  stage.receive("malformed \x1b[2J");
  const std::string rows = stage.run("list");
  BOOST_TEST(rows.find("quarantined") < rows.find("invoice.updated"));
  BOOST_TEST(!holds(stage.run("list --state pending"), "quarantined"));
  BOOST_TEST(!holds(stage.run("list --limit 1"), "invoice.updated"));
  BOOST_TEST(!holds(stage.run("list --cursor 2"), "quarantined"));
  std::istringstream lines(stage.run("list --json"));
  std::string line;
  for (const int seq : {2, 1}) {
    BOOST_REQUIRE(std::getline(lines, line));
    BOOST_TEST(json::parse(line).at("seq") == seq);
  }
  BOOST_TEST(holds(stage.run("show 1"), push("invoice.updated", "one")));
  BOOST_TEST(holds(stage.run("show 1"), "source \"opera\""));
  BOOST_TEST(holds(stage.refusal("show 9"), "inbox row 9 is not there"));
  BOOST_TEST(holds(stage.run("gaps"), "no gap"));
  BOOST_TEST(stage.run("gaps --json").empty());
}

BOOST_AUTO_TEST_CASE(change_beside_a_running_consumer_names_the_way_through_its_admin_api) {
  Stage stage;
  stage.receive("malformed");
  for (const char* verb :
       {"purge", "retry --all dead", "replay 1", "erase invoice/6f1c2a00-8d3e-11ee-b962-0242ac120001"})
    BOOST_TEST(holds(stage.refusal(verb), "--admin URL"));
}

BOOST_AUTO_TEST_CASE(changes_go_through_the_admin_api) {
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  stage.settle(pw::InboxState::dead);
  const consumer::AdminRoutes routes(*stage.inbox, {}, [] { return std::string(); });
  const consumer::AdminServer server(routes, {"127.0.0.1", 0});
  const std::string admin = " --admin http://127.0.0.1:" + std::to_string(server.port()) + "/";
  BOOST_TEST(stage.run("retry 1" + admin) == "1 row(s) wait again\n");
  BOOST_TEST(stage.inbox->counts().pending == 1u);
  BOOST_TEST(holds(stage.refusal("retry 1" + admin), "only dead rows are retried"));
  stage.settle(pw::InboxState::processed);
  BOOST_TEST(stage.run("replay 1" + admin) == "1 row(s) are handed over again\n");
  stage.settle(pw::InboxState::processed);
  BOOST_TEST(stage.run("erase invoice/" + id + admin) == "1 payload(s) erased\n");
  BOOST_TEST(stage.run("purge --older-than 0s" + admin) == "2 row(s) removed\n");
  BOOST_TEST(holds(stage.refusal("purge --admin http://127.0.0.1:1"), "is the consumer running there?"));
}

BOOST_AUTO_TEST_CASE(changes_of_a_file_at_rest_are_made_directly) {
  Stage stage;
  stage.receive("malformed");
  stage.receive(push("invoice.updated", "one"));
  stage.settle(pw::InboxState::dead);
  stage.close();
  BOOST_TEST(stage.run("retry --all dead") == "1 row(s) wait again\n");
  BOOST_TEST(stage.run("replay --all quarantined") == "0 row(s) are handed over again\n");
  BOOST_TEST(holds(stage.run("show 1"), "malformed"));
  BOOST_TEST(stage.run("purge --older-than 0s") == "1 row(s) removed\n");
  for (const char* wrong : {"retry", "retry 1 --all dead", "replay", "erase invoice/7", "purge --older-than 7"})
    BOOST_TEST(!holds(stage.refusal(wrong), "not refused"));
}

BOOST_AUTO_TEST_CASE(dead_rows_are_purged_only_when_they_are_named) {
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  stage.settle(pw::InboxState::dead);
  const consumer::AdminRoutes routes(*stage.inbox, {}, [] { return std::string(); });
  const consumer::AdminServer server(routes, {"127.0.0.1", 0});
  const std::string purge = "purge --older-than 0s --admin http://127.0.0.1:" + std::to_string(server.port());
  BOOST_TEST(stage.run(purge) == "0 row(s) removed\n");
  BOOST_TEST(stage.run(purge + " --state copy") == "0 row(s) removed\n");
  BOOST_TEST(stage.run(purge + " --state dead") == "1 row(s) removed\n");
}

BOOST_AUTO_TEST_CASE(erase_says_what_it_could_not_search) {
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  pw::ReceiverOptions options;
  options.hooks = {{"/hook", "opera"}};
  pw::Receiver(*stage.inbox, options).receive({"POST", "/hook", "gzip", "\x1f\x8b"});
  stage.close();
  const std::string said = stage.run("erase invoice/" + id);
  BOOST_TEST(holds(said, "1 payload(s) erased\n1 payload(s) kept aside are encoded, not in UTF-8, or not whole"));
}

BOOST_AUTO_TEST_CASE(file_that_does_not_exist_is_refused_and_not_made) {
  Stage stage;
  stage.close();
  stage.url = "sqlite:" + stage.folder.file("other.db");
  for (const char* verb : {"list", "gaps", "purge"}) BOOST_TEST(holds(stage.refusal(verb), "does not exist"));
  BOOST_TEST(!std::ifstream(stage.folder.file("other.db")).good());
  stage.url = "memory:";
  BOOST_TEST(holds(stage.refusal("list"), "ask that one through its admin API"));
}

BOOST_AUTO_TEST_CASE(export_writes_the_newest_push_of_each_family_byte_for_byte) {
  Stage stage;
  const std::string folder = stage.folder.file("fixtures");
  BOOST_TEST(holds(stage.refusal("export --fixtures " + folder), "no push of a known webhook event"));
  stage.receive(push("invoice.updated", "old"));
  stage.receive(push("invoice.updated", "new"));
  stage.receive(push("invoice.deleted", "gone"));
  stage.receive(push("offer.deleted", "gone"));
  stage.receive(R"({"event":"weather.changed","data":1})");
  const std::string said = stage.run("export --fixtures " + folder);
  BOOST_TEST(holds(said, "invoice.json: invoice.updated of row 2"));
  BOOST_TEST(content(folder + "/invoice.json") == push("invoice.updated", "new"));
  BOOST_TEST(content(folder + "/offer.json") == push("offer.deleted", "gone"));
  BOOST_TEST(!std::ifstream(folder + "/event.json").good());
}

BOOST_AUTO_TEST_CASE(inbox_that_stands_before_the_word_is_the_one_that_is_meant) {
  Stage stage;
  stage.receive("malformed");
  stage.close();
  const std::string other = "sqlite:" + stage.folder.file("other.db");
  BOOST_TEST(holds(Stage::run_line("--inbox " + stage.url + " inbox list"), "quarantined"));
  BOOST_TEST(Stage::run_line("--inbox " + stage.url + " inbox purge --older-than 0s") == "1 row(s) removed\n");
  BOOST_TEST(holds(Stage::refusal_of("--inbox " + other + " inbox list"), "other.db"));
  const std::string twice = Stage::refusal_of("--inbox " + other + " inbox purge --inbox " + stage.url);
  BOOST_TEST(holds(twice, "give it once"));
  for (const std::string flag : {"--admin 127.0.0.1:1", "--token-file x", "--http"})
    BOOST_TEST(holds(Stage::refusal_of(flag + " inbox purge --inbox " + stage.url),
                     flag.substr(0, flag.find(' ')) + " stands before the word inbox"));
}

BOOST_AUTO_TEST_CASE(what_is_no_verb_is_told_the_verbs) {
  for (const char* line : {"inbox", "inbox explode", "inbox --json list"}) {
    const std::string told = Stage::refusal_of(line);
    for (const char* verb : {"list", "show", "gaps", "export", "retry", "replay", "purge", "erase"})
      BOOST_TEST(holds(told, verb), line << ": " << told);
  }
}

BOOST_AUTO_TEST_CASE(what_a_verb_does_not_take_is_refused_before_anything_is_done) {
  Stage stage;
  stage.receive("malformed");
  stage.close();
  const std::string fixtures = stage.folder.file("fixtures");
  for (const std::string& verb :
       {std::string("list"), std::string("show 1"), std::string("gaps"), "export --fixtures " + fixtures,
        std::string("retry --all dead"), std::string("replay --all unknown"), std::string("purge --older-than 0s"),
        "erase invoice/" + id}) {
    const std::string told = "inbox " + verb.substr(0, verb.find(' ')) + " does not take ";
    BOOST_TEST(holds(stage.refusal(verb + " --stat=dead"), told + "--stat=dead:"), verb);
    BOOST_TEST(holds(stage.refusal(verb + " --http"), told + "--http:"), verb);
  }
  for (const char* verb : {"list", "gaps", "purge --older-than 0s"})
    for (const char* word : {"17", "list"})
      BOOST_TEST(holds(stage.refusal(verb + (" " + std::string(word))), " does not take " + std::string(word) + ":"));
  BOOST_TEST(holds(stage.run("list"), "quarantined"));
  BOOST_TEST(!std::filesystem::exists(fixtures));
  BOOST_TEST(holds(Stage::run_line("inbox show --inbox " + stage.url + " -- 1"), "malformed"));
}

BOOST_AUTO_TEST_CASE(row_tells_what_erase_and_the_operator_need) {
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  stage.receive("malformed");
  BOOST_TEST(holds(stage.run("list"), "invoice/" + id));
  std::istringstream lines(stage.run("list --json"));
  std::string aside, known;
  BOOST_TEST_REQUIRE((std::getline(lines, aside) && std::getline(lines, known)));
  BOOST_TEST(!json::parse(aside).at("error").as_string().empty());
  BOOST_TEST(json::parse(aside).at("family").is_null());
  BOOST_TEST(json::parse(known).at("family") == "invoice");
  BOOST_TEST(json::parse(known).at("error").is_null());
}

BOOST_AUTO_TEST_CASE(payload_does_not_steer_a_terminal_but_a_pipe_has_its_bytes) {
  Stage stage;
  stage.receive("malformed \x1b[2J");
  const std::string line = "inbox show 1 --inbox " + stage.url;
  BOOST_TEST(holds(Stage::run_line(line, true), "malformed \\x1B[2J"));
  BOOST_TEST(holds(Stage::run_line(line), "malformed \x1b[2J"));
}

BOOST_AUTO_TEST_CASE(output_that_takes_no_more_is_an_error) {
  Stage stage;
  stage.receive("malformed");
  std::ofstream full("/dev/full");
  BOOST_CHECK_EXCEPTION(Stage::run_line("inbox list --inbox " + stage.url, full), consumer::ConfigError,
                        [](const auto& error) { return holds(error.what(), "could not be written"); });
}

BOOST_AUTO_TEST_CASE(exported_payloads_are_as_private_as_the_inbox) {
  namespace fs = std::filesystem;
  Stage stage;
  stage.receive(push("invoice.updated", "one"));
  const std::string folder = stage.folder.file("fixtures");
  for (int n = 0; n < 2; ++n) {  // the second replaces
    stage.run("export --fixtures " + folder);
    BOOST_TEST((fs::status(folder).permissions() == fs::perms::owner_all));
    BOOST_TEST(
        (fs::status(folder + "/invoice.json").permissions() == (fs::perms::owner_read | fs::perms::owner_write)));
  }
  BOOST_TEST(std::distance(fs::directory_iterator(folder), {}) == 1);
  std::ofstream(stage.folder.file("file")) << "x";
  BOOST_TEST(holds(stage.refusal("export --fixtures " + stage.folder.file("file")), "--fixtures"));
}

BOOST_AUTO_TEST_SUITE_END()
