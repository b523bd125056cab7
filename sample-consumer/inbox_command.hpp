// sample-consumer inbox VERB: looking at and changing what is stored.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace consumer {

/// The flags as they are given. `verb` stays empty when the command line has no `inbox`.
struct InboxFlags {
  std::string verb;
  std::string inbox_url = "sqlite:inbox.db";
  std::string admin_url, token_file;
  std::vector<std::uint64_t> rows;
  std::string all;    ///< of retry and replay: a kind of rows instead of their numbers
  std::string state;  ///< of list and purge: only these
  std::uint64_t limit = 100, cursor = 0;
  bool json = false;
  std::string older_than = "7d";
  std::string entity;
  std::string fixtures_folder;
  bool to_terminal = false;  ///< payloads are shown without what steers a terminal
};

void add_inbox_command(CLI::App& app, InboxFlags& flags);

/// Does what the verb says and prints it. Verbs that look open the file read-only, also while a consumer uses it; verbs
/// that change it go through --admin, or open the file when no consumer does. Throws ConfigError or InboxError, each
/// with one line about what to change; ConfigError also when `out` takes no more.
void run_inbox_command(const InboxFlags& flags, std::ostream& out);

}  // namespace consumer
