#include "inbox_command.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ostream>
#include <prospero/webhooks/receive/inbox.hpp>

#include "config.hpp"
#include "fixtures.hpp"
#include "handlers.hpp"
#include "inbox_change.hpp"
#include "inbox_json.hpp"
#include "quantity.hpp"
#include "terminal_text.hpp"

namespace consumer {
namespace {

namespace pw = prospero::webhooks;
namespace json = boost::json;
using Verb = InboxChange::Verb;

constexpr std::size_t page_rows = 1'000;

constexpr const char* examples = R"(
Examples:
  What gave up, and why; then its payload; then another set of tries, by the running consumer:
    sample-consumer inbox list --inbox sqlite:inbox.db --state dead
    sample-consumer inbox show --inbox sqlite:inbox.db 17
    sample-consumer inbox retry --admin http://127.0.0.1:9090 17
  When pushes may have been missed:
    sample-consumer inbox gaps --inbox sqlite:inbox.db
list, show, gaps and export read beside a running consumer. The others need --admin while one runs.
Exit codes: 0 done, 2 something in the flags or the inbox is wrong.)";

pw::InboxTime now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// `sample-consumer --inbox URL inbox VERB` means that inbox. Any other flag of the consumer would be left unheeded.
void take_flags_before(const CLI::App& app, const CLI::App& verb, InboxFlags& flags) {
  for (const CLI::Option* flag : app.get_options()) {
    if (flag->count() == 0) continue;
    if (flag->get_name() != "--inbox")
      throw ConfigError(
          fmt::format("{} stands before the word inbox: give flags after the verb, as `inbox {} --help` has them",
                      flag->get_name(), verb.get_name()));
    const std::string& before = flag->results().back();
    if (verb.get_option("--inbox")->count() > 0 && flags.inbox_url != before)
      throw ConfigError(fmt::format("--inbox is given as {} and as {}: give it once", before, flags.inbox_url));
    flags.inbox_url = before;
  }
}

void check_verb(const CLI::App& inbox) {
  constexpr const char* verbs = "list, show, gaps, export, retry, replay, purge, erase";
  const auto unknown = inbox.remaining();
  if (!unknown.empty() && !unknown.front().starts_with('-'))
    throw ConfigError(fmt::format("inbox {}: there is no such verb; there are {}", unknown.front(), verbs));
  if (!unknown.empty()) throw ConfigError(fmt::format("inbox: {} goes after a verb: {}", unknown.front(), verbs));
  if (inbox.get_subcommands().empty())
    throw ConfigError(
        fmt::format("inbox: name a verb: {}; `sample-consumer inbox --help` tells what each does", verbs));
}

void check_arguments(const CLI::App& verb) {
  const auto unknown = verb.remaining();
  const auto first = std::ranges::find_if(unknown, [](const std::string& word) { return word != "--"; });
  if (first != unknown.end())
    throw ConfigError(fmt::format("inbox {0} does not take {1}: `sample-consumer inbox {0} --help` tells what it takes",
                                  verb.get_name(), *first));
}

CLI::App* add_verb(CLI::App& inbox, InboxFlags& flags, const char* name, const char* help) {
  CLI::App* verb = inbox.add_subcommand(name, help);
  verb->add_option("--inbox", flags.inbox_url, "the inbox that the consumer was given")
      ->type_name("URL")
      ->capture_default_str();
  verb->final_callback([&flags, name, verb, app = inbox.get_parent()] {
    check_arguments(*verb);
    take_flags_before(*app, *verb, flags);
    flags.verb = name;
  });
  return verb;
}

CLI::App* add_changing_verb(CLI::App& inbox, InboxFlags& flags, const char* name, const char* help) {
  CLI::App* verb = add_verb(inbox, flags, name, help);
  verb->add_option("--admin", flags.admin_url, "admin API of the running consumer, which then makes the change")
      ->type_name("URL");
  verb->add_option("--token-file", flags.token_file, "its bearer token, from the first line of a file")
      ->type_name("FILE");
  return verb;
}

void add_rows(CLI::App* verb, InboxFlags& flags, const std::vector<std::string>& kinds) {
  verb->add_option("ROW", flags.rows, "numbers of rows, as list shows them");
  verb->add_option("--all", flags.all, "all rows of a kind instead")->check(CLI::IsMember(kinds));
}

void print_row(std::ostream& out, const pw::InboxRow& row) {
  fmt::print(out, "{:>8}  {}  {:<11}  {:<9}  {:>2} tries  {:>2} copies  {}  {}{}\n", row.seq, to_text(row.received_at),
             pw::to_text(row.state), row.freshness ? pw::to_text(*row.freshness) : "-", row.tries, row.copies,
             row.event ? printable(*row.event) : "-",
             row.entity_id ? fmt::format("{}/{}", row.family.value_or("?"), *row.entity_id) : "-",
             row.error.empty() ? "" : "  " + printable(row.error));
}

void list(const InboxFlags& flags, std::ostream& out) {
  const auto view = pw::open_inbox_view(flags.inbox_url);
  std::optional<std::uint64_t> cursor;
  if (flags.cursor > 0) cursor = flags.cursor;
  std::uint64_t shown = 0;
  do {
    const pw::InboxPage page = view->list(cursor, page_rows);
    for (const pw::InboxRow& row : page.rows) {
      if (!flags.state.empty() && pw::to_text(row.state) != flags.state) continue;
      if (++shown > flags.limit) return;
      flags.json ? fmt::print(out, "{}\n", json::serialize(to_json(row))) : print_row(out, row);
    }
    cursor = page.next;
  } while (cursor);
}

void show(const InboxFlags& flags, std::ostream& out) {
  if (flags.rows.empty()) throw ConfigError("inbox show: name a row, as inbox list shows them");
  const auto view = pw::open_inbox_view(flags.inbox_url);
  for (const std::uint64_t seq : flags.rows) {
    const auto row = view->find(seq);
    if (!row) throw ConfigError(fmt::format("inbox row {} is not there (any more): inbox list shows the rows", seq));
    print_row(out, *row);
    fmt::print(out, "          identity {}, source \"{}\"\n", row->identity.hex(), row->source);
    const auto body = view->body(row->identity);
    if (!body) {
      fmt::print(out, "          its payload is not kept any more\n");
      continue;
    }
    if (!body->whole())
      fmt::print(out, "          only the first {} of {} bytes were kept\n", body->bytes.size(), body->size);
    out << (flags.to_terminal ? for_terminal(body->bytes) : body->bytes) << '\n';
  }
}

void show_gaps(const InboxFlags& flags, std::ostream& out) {
  const auto gaps = pw::open_inbox_view(flags.inbox_url)->gaps(now());
  for (const pw::Gap& gap : gaps) {
    if (flags.json) {
      fmt::print(out, "{}\n", json::serialize(to_json(gap)));
      continue;
    }
    const bool down = gap.reason == pw::GapReason::down;
    fmt::print(out, "{} to {}  {}{}\n", to_text(gap.from), to_text(gap.to),
               down ? "down for every attempt: pushes are lost if there were any"
                    : fmt::format("unknown: {} may have been disabled", webhook_of(gap)),
               gap.told ? "" : "  (the application was not told yet)");
  }
  if (gaps.empty() && !flags.json) fmt::print(out, "no gap: as far as can be told by now nothing was missed\n");
}

pw::RowSelection selection(const InboxFlags& flags) {
  pw::RowSelection rows;
  if (flags.all.empty() == flags.rows.empty())
    throw ConfigError(fmt::format("inbox {}: give numbers of rows, or --all", flags.verb));
  rows.seqs = flags.rows;
  if (flags.all == "dead") rows.kind = pw::RowSelection::Kind::dead;
  if (flags.all == "quarantined") rows.kind = pw::RowSelection::Kind::quarantined;
  if (flags.all == "unknown") rows.kind = pw::RowSelection::Kind::unknown;
  return rows;
}

InboxChange change_from(const InboxFlags& flags) {
  InboxChange change;
  if (flags.verb == "purge") {
    change.verb = Verb::purge;
    change.older_than = parse_duration(flags.older_than, "--older-than", std::chrono::milliseconds(0));
    if (!flags.state.empty()) change.state = settled_state_from(flags.state);
  } else if (flags.verb == "erase") {
    change.verb = Verb::erase;
    set_entity(change, flags.entity);
  } else {
    change.verb = flags.verb == "retry" ? Verb::retry : Verb::replay;
    change.rows = selection(flags);
  }
  return change;
}

Changed carry_out_at_rest(const InboxChange& change, const std::string& url) {
  pw::open_inbox_view(url);  // refuses what does not exist, instead of making it
  pw::InboxOptions options;
  options.serving = false;
  try {
    return carry_out(change, *pw::open_inbox(url, options));
  } catch (const pw::InboxInUse& error) {
    throw ConfigError(fmt::format("{}; or let it make the change: --admin URL", error.what()));
  }
}

void print_changed(Verb verb, const Changed& changed, std::ostream& out) {
  switch (verb) {
    case Verb::retry:
      fmt::print(out, "{} row(s) wait again\n", changed.count);
      break;
    case Verb::replay:
      fmt::print(out, "{} row(s) are handed over again\n", changed.count);
      break;
    case Verb::purge:
      fmt::print(out, "{} row(s) removed\n", changed.count);
      break;
    case Verb::erase:
      fmt::print(out, "{} payload(s) erased\n", changed.count);
      if (changed.unsearched > 0)
        fmt::print(out,
                   "{} payload(s) kept aside are encoded, not in UTF-8, or not whole: whose they are cannot be told; "
                   "see inbox list --state quarantined, and inbox purge --state quarantined\n",
                   changed.unsearched);
      break;
  }
  if (changed.unreadable > 0)
    fmt::print(
        out,
        "{} row(s) stay as they were: what is stored of them is damaged, or the disk does not give it; restore a "
        "copy of the inbox\n",
        changed.unreadable);
}

void change(const InboxFlags& flags, std::ostream& out) {
  const InboxChange wanted = change_from(flags);
  const std::string token = flags.token_file.empty() ? "" : read_token_file(flags.token_file, "--token-file");
  const Changed changed =
      flags.admin_url.empty() ? carry_out_at_rest(wanted, flags.inbox_url) : carry_out(wanted, flags.admin_url, token);
  print_changed(wanted.verb, changed, out);
}

}  // namespace

void add_inbox_command(CLI::App& app, InboxFlags& flags) {
  CLI::App* inbox = app.add_subcommand("inbox", "look at or change what is stored");
  inbox->require_subcommand(0, 1)->allow_extras();  // check_verb() says more than the library would
  inbox->final_callback([inbox] { check_verb(*inbox); });
  inbox->footer(examples);
  CLI::App* list = add_verb(*inbox, flags, "list", "the rows, newest first");
  list->add_option("--state", flags.state, "only rows of this state")
      ->check(CLI::IsMember({"pending", "processed", "dead", "quarantined", "copy"}));
  list->add_option("--limit", flags.limit, "how many")->type_name("N")->capture_default_str();
  list->add_option("--cursor", flags.cursor, "only rows with smaller numbers")->type_name("ROW");
  list->add_flag("--json", flags.json, "a JSON object a line");
  add_verb(*inbox, flags, "show", "rows with their payloads")->add_option("ROW", flags.rows, "numbers of rows");
  add_verb(*inbox, flags, "gaps", "the times in which pushes may have been missed")
      ->add_flag("--json", flags.json, "a JSON object a line");
  add_verb(*inbox, flags, "export", "write recorded payloads to files")
      ->add_option("--fixtures", flags.fixtures_folder, "one push of each family of entities: FAMILY.json")
      ->type_name("DIR")
      ->required();
  add_rows(add_changing_verb(*inbox, flags, "retry", "let dead rows wait again, with fresh tries"), flags, {"dead"});
  add_rows(add_changing_verb(*inbox, flags, "replay", "hand settled rows over again; those kept aside are read anew"),
           flags, {"quarantined", "unknown"});
  CLI::App* purge = add_changing_verb(*inbox, flags, "purge", "remove settled rows; dead ones with --state dead only");
  purge->add_option("--older-than", flags.older_than, "age from which on, since they were settled")
      ->type_name("D")
      ->capture_default_str();
  purge->add_option("--state", flags.state, "only rows of this state")
      ->check(CLI::IsMember({"processed", "copy", "quarantined", "dead"}));
  add_changing_verb(*inbox, flags, "erase",
                    "remove the stored payloads of one entity, also those kept aside that hold its id")
      ->add_option("ENTITY", flags.entity, "event/UUID, invoice/UUID or offer/UUID")
      ->required();
}

namespace {

void run_verb(const InboxFlags& flags, std::ostream& out) {
  if (flags.verb == "list") return list(flags, out);
  if (flags.verb == "show") return show(flags, out);
  if (flags.verb == "gaps") return show_gaps(flags, out);
  if (flags.verb == "export") return export_fixtures(*pw::open_inbox_view(flags.inbox_url), flags.fixtures_folder, out);
  change(flags, out);
}

}  // namespace

void run_inbox_command(const InboxFlags& flags, std::ostream& out) {
  run_verb(flags, out);
  if (!out.flush())
    throw ConfigError(fmt::format("inbox {}: its output could not be written: is the disk full?", flags.verb));
}

}  // namespace consumer
