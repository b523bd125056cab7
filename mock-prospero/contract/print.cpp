#include "contract/print.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <string_view>

#include "contract/clauses.hpp"

namespace mock::contract {
namespace {

namespace json = boost::json;

constexpr std::size_t line_width = 100;

/// `text` in lines of at most line_width bytes, broken between words, each after `indent`.
std::string wrap(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    auto end = text.size();
    if (end > line_width) end = text.rfind(' ', line_width);
    if (end == std::string_view::npos) end = text.size();
    out += fmt::format("{}{}\n", indent, text.substr(0, end));
    text.remove_prefix(end == text.size() ? end : end + 1);
  }
  return out;
}

std::string print_clause(const Clause& clause, const Values& values) {
  auto out = fmt::format("{:<4}{}", clause.id, to_text(clause.mark));
  if (!clause.note.empty()) {
    out += fmt::format(" ({}{})", clause.mark == Mark::stated ? "chosen: " : "", clause.note);
  }
  out += '\n' + wrap(clause.text, "    ");
  if (const auto value = value_in_force(clause, values)) {
    out += fmt::format("    value: {}{}\n", *value, clause.flag.empty() ? "" : fmt::format("   [{}]", clause.flag));
  }
  return out;
}

json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string{text};
}

json::object to_json(const Clause& clause, const Values& values) {
  return {{"id", clause.id},
          {"section", section_title(clause.id.front())},
          {"text", clause.text},
          {"mark", to_text(clause.mark)},
          {"note", text_or_null(clause.note)},
          {"value", text_or_null(value_in_force(clause, values).value_or(""))},
          {"flag", text_or_null(clause.flag)}};
}

}  // namespace

std::string print_text(const Values& values) {
  std::string out;
  char section = '\0';
  for (const auto& clause : clauses()) {
    if (clause.id.front() != section) {
      section = clause.id.front();
      out += fmt::format("{}{}. {}\n", out.empty() ? "" : "\n", section, section_title(section));
    }
    out += print_clause(clause, values);
  }
  return out;
}

std::string print_json(const Values& values) {
  json::array items;
  for (const auto& clause : clauses()) items.emplace_back(to_json(clause, values));
  return json::serialize(json::object{{"clauses", std::move(items)}});
}

std::vector<std::string> print_assumptions(const Values& values) {
  constexpr std::size_t value_column = 21;
  std::vector<std::string> lines;
  for (const auto& clause : clauses()) {
    const bool has_choice = clause.mark == Mark::chosen || !clause.note.empty();
    const auto value = value_in_force(clause, values);
    if (!has_choice || !value) continue;
    const auto line = fmt::format("{:<5}{:<16}{}", clause.id, clause.topic, *value);
    const auto flag = clause.flag.empty() ? "" : fmt::format("[{}]", clause.flag);
    if (flag.empty() || line.size() + 2 + flag.size() <= line_width) {
      lines.push_back(flag.empty() ? line : line + "  " + flag);
    } else {
      lines.push_back(line);
      lines.push_back(std::string(value_column, ' ') + flag);
    }
  }
  return lines;
}

}  // namespace mock::contract
