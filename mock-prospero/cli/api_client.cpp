#include "cli/api_client.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <fstream>

#include "cli/small_files.hpp"
#include "cli/terminal_text.hpp"

namespace mock::cli {
namespace {

namespace json = boost::json;

constexpr auto where = "say where serve is: --api URL, --ready-file FILE, or MOCK_URL in the environment";
constexpr std::chrono::hours patience{1};  // an advance answers when all attempts on the way have ended

std::string url_of(const ApiFlags& flags) {
  if (flags.ready_file.empty() && flags.api.empty()) throw std::invalid_argument{where};
  if (flags.ready_file.empty()) return flags.api;
  std::ifstream stream{flags.ready_file};
  std::string url;
  if (!std::getline(stream, url) || url.empty()) {
    throw std::invalid_argument{
        fmt::format("--ready-file {}: holds no URL: is serve running, with this --ready-file?", flags.ready_file)};
  }
  return url;
}

json::object object_in(const std::string& text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error || !value.is_object()) throw NoAnswer{"the answer is not that of mock-prospero serve"};
  return std::move(value.get_object());
}

std::string failure_of(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "takes no connection";
    case httplib::Error::Read:
      return "ended without an answer";
    default:
      return "gave no answer (" + httplib::to_string(error) + ')';
  }
}

json::object accepted(const httplib::Result& result, const std::string& server) {
  if (!result) throw NoAnswer{fmt::format("{} {}: is serve running?", server, failure_of(result.error()))};
  auto answer = object_in(result->body);
  if (result->status / 100 == 2) return answer;
  throw Declined{fmt::format("{} ({})", shown(answer, "error"), result->status)};
}

// A server that closes before it has read all would end this process otherwise.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~WithoutPipeSignal() { std::signal(SIGPIPE, before_); }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  void (*before_)(int);
};

httplib::Client client_of(const std::string& server, const std::string& token) {
  httplib::Client client{server};
  client.set_read_timeout(patience);
  if (!token.empty()) client.set_bearer_token_auth(token);
  return client;
}

int complain(const std::exception& error, int code) {
  fmt::print(stderr, "mock-prospero: {}\n", error.what());
  return code;
}

}  // namespace

void add_api_flags(CLI::App& command, ApiFlags& flags) {
  constexpr auto group = "The running serve";
  command.add_option("--api", flags.api, "URL that serve printed")->envname("MOCK_URL")->type_name("URL")->group(group);
  command.add_option("--ready-file", flags.ready_file, "file that serve --ready-file wrote; counts before --api")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--token", flags.token, "token that serve asks for; --token-file shows it to nobody")
      ->envname("MOCK_TOKEN")
      ->type_name("TOKEN")
      ->group(group);
  command.add_option("--token-file", flags.token_file, "file whose first line is that token; counts before --token")
      ->type_name("FILE")
      ->group(group);
  command.add_flag("--json", flags.json, "print the answer of the API as it is")->group(group);
}

void add_page_flags(CLI::App& command, PageFlags& flags) {
  command.add_option("--limit", flags.limit, "how many, 1 to 1000")->type_name("N")->capture_default_str();
  command.add_option("--cursor", flags.cursor, "go on after an earlier list")->type_name("CURSOR");
}

std::string footer_of_api_command(const std::string& examples) {
  return "Examples:\n" + examples +
         "\n\nExit codes: 0 done, 1 serve declined and said why, 2 usage, 3 serve was not reached.";
}

ApiClient::ApiClient(const ApiFlags& flags) {
  const auto url = url_of(flags);
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) throw std::invalid_argument{fmt::format("'{}' is no URL; {}", url, where)};
  const auto slash = std::min(url.find('/', scheme + 3), url.size());
  server_ = url.substr(0, slash);
  prefix_ = url.substr(slash);
  while (prefix_.ends_with('/')) prefix_.pop_back();
  token_ = flags.token_file.empty() ? flags.token : read_token(flags.token_file);
}

json::object ApiClient::get(const std::string& path, const Query& query) const {
  httplib::Params params;
  for (const auto& [name, value] : query) {
    if (!value.empty()) params.emplace(name, value);
  }
  return accepted(client_of(server_, token_).Get(prefix_ + path, params, httplib::Headers{}), server_);
}

json::object ApiClient::post(const std::string& path, const std::string& body) const {
  const WithoutPipeSignal quiet;
  return accepted(client_of(server_, token_).Post(prefix_ + path, body, "application/json"), server_);
}

std::string ApiClient::organization(const std::string& given) const {
  if (!given.empty()) return given;
  const auto answer = get("/v1/organizations");
  const auto& all = answer.at("items").as_array();
  if (all.size() == 1) return shown(all.front().as_object(), "id");
  if (all.empty())
    throw std::invalid_argument{"there is no organization: make one with mock-prospero organization add"};
  std::string names;
  for (const auto& one : all) {
    names += fmt::format("\n  {}  {}", shown(one.as_object(), "id"), shown(one.as_object(), "name"));
  }
  throw std::invalid_argument{"there are several organizations, so --org ID is required:" + names};
}

int ask_api(const ApiFlags& flags, const std::function<json::object(const ApiClient&)>& ask,
            const std::function<void(const json::object&)>& print) {
  try {
    const auto answer = ask(ApiClient{flags});
    if (flags.json) {
      fmt::print("{}\n", json::serialize(answer));
    } else {
      print(answer);
    }
    return 0;
  } catch (const Declined& error) {
    return complain(error, 1);
  } catch (const NoAnswer& error) {
    return complain(error, 3);
  }
}

void print_items(const json::object& answer, const std::function<std::string(const json::object&)>& line) {
  for (const auto& one : answer.at("items").as_array()) fmt::print("{}\n", line(one.as_object()));
  if (!answer.at("next").is_null()) fmt::print(stderr, "more follow: --cursor {}\n", shown(answer, "next"));
}

std::string shown(const json::object& object, const char* member) {
  const auto* value = object.if_contains(member);
  if (value == nullptr || value->is_null()) return "-";
  return for_terminal(value->is_string() ? std::string{value->get_string()} : json::serialize(*value));
}

}  // namespace mock::cli
