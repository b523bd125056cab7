// The commands that talk to a running serve: where it is, what it is asked, what it answers.
#pragma once

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>

namespace mock::cli {

struct ApiFlags {
  std::string api;
  std::string ready_file;
  std::string token;
  std::string token_file;
  bool json = false;
};

/// --api or MOCK_URL of the environment, --ready-file, --token or MOCK_TOKEN, --token-file, --json.
void add_api_flags(CLI::App& command, ApiFlags& flags);

/// Which page of a list.
struct PageFlags {
  std::string limit = "100";
  std::string cursor;
};

/// --limit, --cursor.
void add_page_flags(CLI::App& command, PageFlags& flags);

/// The end of each --help of these commands.
std::string footer_of_api_command(const std::string& examples);

/// serve said no; what() is its reason.
class Declined : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// No serve answered.
class NoAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ApiClient {
 public:
  using Query = std::map<std::string, std::string>;  ///< empty values are left out

  /// Throws std::invalid_argument, naming the flags, when it is not said where serve is.
  explicit ApiClient(const ApiFlags& flags);

  /// Each throws Declined, NoAnswer.
  boost::json::object get(const std::string& path, const Query& query = {}) const;
  boost::json::object post(const std::string& path, const std::string& body = {}) const;

  /// `given`, or the only organization that there is; std::invalid_argument names them all if there are several.
  std::string organization(const std::string& given) const;

 private:
  std::string server_, prefix_, token_;
};

/// Runs `ask` and prints its answer as JSON with --json, else by `print`: 0. Declined is exit code 1, NoAnswer 3, each
/// with its reason on standard error.
int ask_api(const ApiFlags& flags, const std::function<boost::json::object(const ApiClient&)>& ask,
            const std::function<void(const boost::json::object&)>& print);

/// For `print`: a line for each of the answer's `items`; that more follow is said on standard error.
void print_items(const boost::json::object& answer, const std::function<std::string(const boost::json::object&)>& line);

/// The member as it is read by people, fit for a terminal: text without quotes, "-" for null.
std::string shown(const boost::json::object& object, const char* member);

}  // namespace mock::cli
