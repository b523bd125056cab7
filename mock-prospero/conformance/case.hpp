// A conformance case is data: a stable id, what it asks for, how strongly, what it rests on, and how to find out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mock::conformance {

class Probe;

/// How much a case that does not hold weighs.
enum class Strength : std::uint8_t {
  must,    ///< the contract is broken: `failed`
  should,  ///< the contract leaves it open, but it will hurt: `advice`, with --strict `failed`
  advice,  ///< worth knowing: `advice`
};
std::string_view to_text(Strength strength);

/// When a case runs: what may harm the consumer comes last, so that it cannot be blamed on the cases before it.
enum class Stage : std::uint8_t {
  basic,          ///< one ordinary push at a time; what most other cases rest on
  content,        ///< ordinary pushes of every kind
  wire,           ///< the same push in every form that HTTP and TLS allow
  load,           ///< many pushes at once
  unfriendly,     ///< what Prospero would not send, but a network brings
  unknown_names,  ///< webhook events that the consumer cannot know
  witness,        ///< what became of pushes, by the consumer's own word
  crash,          ///< the consumer is killed
};

/// What a case found out about the consumer.
struct Finding {
  enum class Kind : std::uint8_t {
    held,
    broken,
    unjudged,        ///< the tester could not see enough to say
    not_applicable,  ///< the question does not arise for this URL
  };
  Kind kind = Kind::held;
  std::string actual;      ///< what the consumer did, in one line
  std::string cause;       ///< broken: the likely cause; unjudged, not applicable: why
  std::string fix;         ///< broken: what to change
  std::string request{};   ///< broken: the exchange that shows it, if that is not the last one
  std::string received{};  ///< how its answer began, as it came
  bool no_name = false;    ///< broken because the name of the host was not looked up, whatever the case is about
  bool from_time = false;  ///< broken only because something took too long, so a lag of the tester may be to blame
};

/// How far a case looks into the consumer, which says what must be given for it.
enum class Level : std::uint8_t {
  black_box,  ///< the URL alone
  witness,    ///< the consumer tells what it did: --witness or --witness-cmd
  crash,      ///< the consumer is started and killed: --exec
};
std::string_view to_text(Level level);

/// What must be given or allowed for a case to run; else it is skipped with that reason.
struct Needs {
  bool tls = false;         ///< makes no sense over plain http
  bool disruptive = false;  ///< may disturb a real system: only against loopback, or with --disruptive
  Level level = Level::black_box;
  bool witness = false;  ///< rests on what the consumer itself reports; always so at level witness
};

struct Case {
  std::string id{};      ///< clause, hyphen, words: `D3-exactly-200`; never reused for another meaning
  std::string clause{};  ///< `D3`
  std::string title{};
  std::string requirement{};
  Strength strength = Strength::must;
  Stage stage = Stage::basic;
  Needs needs{};
  std::int64_t about_ms = 50;           ///< how long it takes against a quick consumer, for the time left
  std::string rests_on{};               ///< id of a case without which this one proves nothing; empty: none
  std::string event{};                  ///< the webhook event that it is about, if it is about one
  std::vector<std::string> expected{};  ///< every outcome that it accepts
  std::string no_vector{};              ///< why its requests say nothing as files (--export); empty: they do
  std::size_t free_answers = 0;         ///< of so many of its first requests the answer does not matter
  Finding (*run)(const Case& self, Probe& probe) = nullptr;
};

}  // namespace mock::conformance
