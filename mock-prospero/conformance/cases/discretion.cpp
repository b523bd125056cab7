// Section D: nobody reads the answers but the curious; they give nothing away.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

WireRequest push(std::string body) {
  WireRequest request;
  request.headers = ordinary_headers();
  request.body = std::move(body);
  return request;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string head_of(const std::string& received) {
  return lower(received.substr(0, received.find("\r\n\r\n")));
}

// The value of a field of a lower-case head; empty if it has none.
std::string field(const std::string& head, std::string_view name) {
  const auto line = fmt::format("\r\n{}:", name);
  const auto at = head.find(line);
  if (at == std::string::npos) {
    return {};
  }
  const auto begin = at + line.size();
  return head.substr(begin, head.find('\r', begin) - begin);
}

constexpr const char* no_answer = "no answer came";

Finding software(const Case&, Probe& probe) {
  const auto answer = probe.exchange_one(push(probe.bodies().ordinary(probe.any_event())));
  if (answer.received.empty()) return not_applicable(no_answer);
  const auto head = head_of(answer.received);
  const auto server = field(head, "server");
  const bool version = std::ranges::any_of(server, [](unsigned char c) { return std::isdigit(c) != 0; });
  for (const auto& hint :
       {version ? server : std::string(), field(head, "x-powered-by"), field(head, "x-aspnet-version")}) {
    if (!hint.empty()) {
      return broken("the answer names its software:" + hint, "A default of the server or the framework.",
                    "Leave versions out of Server, and X-Powered-By out altogether.");
    }
  }
  return held("no version of any software");
}

constexpr std::array<std::string_view, 9> traces{"traceback (most recent call last)",
                                                 "stack trace",
                                                 "stacktrace",
                                                 "\n    at ",
                                                 "node_modules",
                                                 ".py\", line",
                                                 "exception in thread",
                                                 "\tat java.",
                                                 "goroutine "};

Finding stack_trace(const Case&, Probe& probe) {
  bool answered = false;
  for (const auto& body : {std::string(R"({"event":)"), std::string("[]"), std::string()}) {
    const auto answer = probe.exchange_one(push(body));
    answered = answered || !answer.received.empty();
    const auto text = lower(answer.received);
    const auto found = std::ranges::find_if(traces, [&](auto trace) { return text.find(trace) != std::string::npos; });
    if (found != traces.end()) {
      return broken("the answer to a malformed body holds a stack trace",
                    "The framework's debug mode is on: it shows paths, versions and code to whoever asks.",
                    "Turn debug mode off; log the error instead.");
    }
  }
  return answered ? held("no stack trace") : not_applicable(no_answer);
}

Finding echo(const Case&, Probe& probe) {
  constexpr std::string_view mark = "q7x2-echo-me";
  const auto body = probe.bodies().with_field(probe.any_event(), "sampleEcho", fmt::format("\"{}\"", mark));
  const auto answer = probe.exchange_one(push(body));
  if (answer.received.empty()) return not_applicable(no_answer);
  if (answer.received.find(mark) != std::string::npos) {
    return broken("the answer repeats the payload", "A debugging aid, or a framework's default.",
                  "Answer with an empty body.");
  }
  return held("the answer does not repeat the payload");
}

Case discreet(std::string id, std::string title, std::string requirement, std::string expected,
              Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.id = std::move(id);
  result.clause = "D3";
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::advice;
  result.stage = Stage::unfriendly;
  result.rests_on = base_case;
  result.expected = {std::move(expected)};
  result.no_vector = "it is about what else stands in an answer, not about its status";
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> discretion_cases() {
  return {
      discreet("D3-no-software-hint", "answers do not name a version of the software",
               "Prospero reads the status alone; what else is in the answer serves attackers.",
               "no digits in Server, no X-Powered-By", software),
      discreet("D3-no-stack-trace", "answers hold no stack trace",
               "A malformed body must not bring code, paths and versions to light.", "no stack trace", stack_trace),
      discreet("D3-no-echo", "answers do not repeat the payload",
               "A payload sent back may end up in logs and caches on the way.", "no part of the payload", echo),
  };
}

}  // namespace mock::conformance
