// D6 and D7: the address, the secret in it, the certificate, the versions of TLS.
#include <fmt/format.h>

#include <utility>

#include "conformance/cases/cases.hpp"
#include "conformance/judge.hpp"
#include "conformance/probe.hpp"

namespace mock::conformance {
namespace {

constexpr int look_ups = 3;
constexpr int path_bits_enough = 64;
constexpr std::int64_t days_enough = 14;

WireRequest push(Probe& probe) {
  WireRequest request;
  request.headers = ordinary_headers();
  request.body = probe.bodies().ordinary(probe.any_event());
  return request;
}

// Each push looks the name up anew: a name that led to a public address once may lead elsewhere the next time.
Finding public_url(const Case&, Probe& probe) {
  const bool judged = probe.target().as_prospero_wants;
  for (int i = 0; i < look_ups; ++i) {
    const auto answer = probe.send_ordinary();
    if (answer.outcome == delivery::Outcome::refused_address) return leads_elsewhere(describe(answer));
    const bool reached = answer.connected && answer.outcome != delivery::Outcome::tls_error;
    if (judged && !reached) return broken_by(answer, describe(answer));
  }
  return judged ? held("reachable from here, over https, at a public address")
                : not_applicable(
                      "the URL policy was lifted by a flag: whether Prospero would take the URL was not judged");
}

Finding path_entropy(const Case&, Probe& probe) {
  const auto bits = probe.target().path_bits;
  if (!bits || *bits >= path_bits_enough) {
    return held("the path is hard to guess");
  }
  return broken(fmt::format("about {} bits", *bits),
                "Pushes are unsigned: whoever guesses the path can send some. This one looks like words or is short.",
                "Put at least 16 random bytes, as hex or base64url, into the path, and treat it as a secret.");
}

Finding expiry(const Case&, Probe& probe) {
  const auto left = probe.exchange({push(probe)}).certificate_days_left;
  if (!left) {
    return not_applicable("no certificate was seen");
  }
  const auto actual = fmt::format("{} days left", *left);
  return *left >= days_enough
             ? held(actual)
             : broken(actual, "The certificate ends soon; from then on no push arrives (D5).", "Renew it, by machine.");
}

Finding version_taken(Probe& probe, TlsVersion version, const std::string& name) {
  const auto answer = probe.exchange_one(push(probe), version);
  auto finding = expect_success(answer);
  if (finding.kind == Finding::Kind::broken && answer.outcome == delivery::Outcome::tls_error) {
    finding.cause = "The server does not offer " + name + ".";
    finding.fix = "Enable " + name + ": which version Prospero uses is not documented.";
  }
  return finding;
}

Finding tls12(const Case&, Probe& probe) {
  return version_taken(probe, TlsVersion::v1_2, "TLS 1.2");
}

Finding tls13(const Case&, Probe& probe) {
  return version_taken(probe, TlsVersion::v1_3, "TLS 1.3");
}

Finding old_tls(const Case&, Probe& probe) {
  bool connected = false;
  for (const auto version : {TlsVersion::v1_0, TlsVersion::v1_1}) {
    const auto answer = probe.exchange_one(push(probe), version);
    connected = connected || answer.connected;
    if (answer.outcome == delivery::Outcome::ok || answer.outcome == delivery::Outcome::bad_status) {
      return broken("a push over TLS 1.0 or 1.1 was answered", "The server still offers a version that is not safe.",
                    "Allow TLS 1.2 and 1.3 only.");
    }
  }
  return connected ? held("TLS 1.0 and 1.1 are refused") : not_applicable("no connection stood");
}

// Nothing in it is random: RFC 6066 has names of DNS, which have no case.
Finding server_name(const Case&, Probe& probe) {
  if (!probe.target().by_name) {
    return not_applicable("the host of the URL is an IP address: TLS then names no server");
  }
  auto request = push(probe);
  request.name_in_capitals = true;
  const std::vector<Answer> answers{probe.exchange_one(push(probe)), probe.exchange_one(request)};
  auto finding = expect_successes(answers);
  if (finding.kind == Finding::Kind::broken && !finding.from_time) {
    finding.cause = "The server, or a proxy before it, compares the server name of the handshake letter by letter.";
    finding.fix = "Compare it without regard to case.";
  }
  return finding;
}

Finding resumption(const Case&, Probe& probe) {
  const auto session = probe.exchange({push(probe), push(probe)}, TlsVersion::any, true);
  auto finding = expect_successes(session, 1);
  finding.actual += session.resumed ? ", resumed" : ", a new session was made";
  return finding;
}

Case about_tls(std::string id, std::string title, std::string requirement, std::string expected,
               Finding (*run)(const Case&, Probe&)) {
  Case result;
  result.id = std::move(id);
  result.clause = "D7";
  result.title = std::move(title);
  result.requirement = std::move(requirement);
  result.strength = Strength::advice;
  result.stage = Stage::wire;
  result.needs.tls = true;
  result.rests_on = base_case;
  result.expected = {std::move(expected)};
  result.no_vector = "it is about TLS";
  result.run = run;
  return result;
}

}  // namespace

std::vector<Case> tls_cases() {
  return {
      {.id = public_url_case,
       .clause = "D6",
       .title = "the URL is one that Prospero takes",
       .requirement = "The URL is https and leads to public addresses only, whenever its name is looked up; the suite "
                      "reached it as Prospero would.",
       .rests_on = "D1-post-taken",
       .expected = {"three connections, each after a look-up of its own, under the rules that Prospero has"},
       .no_vector = "it is about the URL",
       .run = public_url},
      {.id = "D6-path-entropy",
       .clause = "D6",
       .title = "the path of the URL cannot be guessed",
       .requirement = "The URL is public and pushes are unsigned: the path is the only secret.",
       .strength = Strength::advice,
       .stage = Stage::content,
       .rests_on = base_case,
       .expected = {"a path with at least 64 random bits, as far as that can be seen"},
       .no_vector = "it is about the URL",
       .run = path_entropy},
      about_tls("D7-expiry", "the certificate is good for two more weeks", "An expired certificate stops every push.",
                "at least 14 days left", expiry),
      about_tls("D7-tls12", "TLS 1.2 is offered", "Which version Prospero uses is not documented.", success_in_time,
                tls12),
      about_tls("D7-tls13", "TLS 1.3 is offered", "Which version Prospero uses is not documented.", success_in_time,
                tls13),
      about_tls("D7-old-tls", "TLS 1.0 and 1.1 are refused", "Both are deprecated (RFC 8996).",
                "no answer over TLS 1.0 and 1.1", old_tls),
      about_tls("D7-sni", "the server name is taken in any letter case",
                "A sender names the host in the TLS handshake (SNI); names have no case.",
                std::string(success_in_time) + ", to both spellings", server_name),
      about_tls("D7-resumption", "a push over a resumed TLS session is answered",
                "A sender may take up an earlier session; a server that cannot makes a new one.", success_in_time,
                resumption),
  };
}

}  // namespace mock::conformance
