// Every bad consumer: what it does wrong, and exactly the cases that it must not pass.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bad_server.hpp"

namespace bad_consumers {

struct BadConsumer {
  std::string name;   ///< what it does wrong
  std::string fails;  ///< the ids of the cases that it does not pass (failed or advice), and no other; by spaces
  std::function<ServerOptions(const test_support::CertificateAuthority&)> make;
  bool under_load = false;            ///< the long load cases run too
  std::string path = secret_path;     ///< of its URL
  std::vector<std::string> events{};  ///< `--events`
  std::string host = "127.0.0.1";     ///< of its URL
  int wanders_at = 0;                 ///< the look-up of its host, from 1, that leads to a private address; 0: none
  std::string program_flags{};        ///< instead of `make`: it is the program beside, with these, for level crash

  static inline const std::string secret_path = "/hook/9b1f3870be274f6c49b3e31a0c6728957f";
};

/// All of them.
std::vector<BadConsumer> catalogue();

/// One list for each file.
std::vector<BadConsumer> bad_at_answering();
std::vector<BadConsumer> bad_at_http();
std::vector<BadConsumer> bad_at_content();
std::vector<BadConsumer> bad_at_order();
std::vector<BadConsumer> bad_at_keeping();
std::vector<BadConsumer> bad_at_crashes();

/// A consumer that does everything right, with a certificate good for 60 days; the lists start from it.
ServerOptions right(const test_support::CertificateAuthority& authority);
/// The same, but a push (POST to the URL's path) gets `answer`.
std::function<ServerOptions(const test_support::CertificateAuthority&)> with(
    std::function<Reply(const Request&)> answer, const std::string& path = BadConsumer::secret_path);
/// A new copy of the answering function, with a state of its own, for each consumer.
std::function<ServerOptions(const test_support::CertificateAuthority&)> with_state(
    std::function<std::function<Reply(const Request&)>()> make);
/// A right one that also tells, as a witness, what it did with each push.
ServerOptions telling(const test_support::CertificateAuthority& authority);
/// `status` where `wrong` holds, else 200.
std::function<ServerOptions(const test_support::CertificateAuthority&)> refusing(
    int status, std::function<bool(const Request&)> wrong);

/// Members of a push; empty where there are none.
struct Push {
  std::string event, id, time;
};
Push push_of(const Request& request);

}  // namespace bad_consumers
