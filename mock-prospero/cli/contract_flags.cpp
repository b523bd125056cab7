#include "cli/contract_flags.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "cli/terminal_text.hpp"
#include "cli/validators.hpp"
#include "world/family.hpp"

namespace mock::cli {
namespace {

constexpr auto group = "Contract";
constexpr auto no_event = "none";

std::string archive_event(const std::string& name) {
  if (name == no_event || world::is_event_name(name)) return {};
  return "'" + for_terminal(name) +
         "' is no webhook event of the form word.word (at most 100 characters), such as event.updated, nor none";
}

std::string optional_field(const std::string& name) {
  if (name == "id") return "an entity always has its id (T1): createdAt, lastUpdatedAt and orgId may be left out (T3)";
  if (std::ranges::count(contract::entity_keys, name) > 0) return {};
  return "'" + for_terminal(name) + "' is none of createdAt, lastUpdatedAt and orgId (T3)";
}

}  // namespace

void add_field_flags(CLI::App& command, NetworkFlags& flags) {
  command.add_option("--content-type", flags.fields.content_type, "what a push says that its body is (D2)")
      ->check(field_text)
      ->check(media_type)
      ->type_name("TYPE")
      ->capture_default_str()
      ->group(group);
  command.add_option("--user-agent", flags.fields.user_agent, "who a push says that it comes from (D2)")
      ->check(field_text)
      ->type_name("TEXT")
      ->capture_default_str()
      ->group(group);
}

void add_delay_flag(CLI::App& command, contract::DelaysFrom& from) {
  static const std::map<std::string, contract::DelaysFrom> choices{
      {"previous-failure", contract::DelaysFrom::previous_failure},
      {"first-failure", contract::DelaysFrom::first_failure}};
  command
      .add_option_function<std::string>(
          "--delays-count-from", [&from](const std::string& name) { from = choices.at(name); },
          "first-failure: the retries come 1 min, 1 h and 6 h after the first failed attempt, not each after the one "
          "before it; one whose instant has passed comes at once (R2)")
      ->check(CLI::IsMember({"previous-failure", "first-failure"}))
      ->default_str("previous-failure")
      ->group(group);
}

void add_world_flags(CLI::App& command, contract::Values& values) {
  command
      .add_option_function<std::string>(
          "--archive-fires",
          [&values](const std::string& name) {
            values.archive_fires = name == no_event ? std::nullopt : std::optional{name};
          },
          "webhook event that archiving and unarchiving an Event fire; none: nothing (E11)")
      ->check(archive_event)
      ->type_name("NAME|none")
      ->default_str(std::string{contract::archive_event})
      ->group(group);
  command
      .add_option("--without-fields", values.without_fields,
                  "leave these out of every entity, in pushes and in the API: createdAt, lastUpdatedAt, orgId (T3)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(optional_field)
      ->type_name("NAME,..")
      ->group(group);
}

}  // namespace mock::cli
