// A polite but wrong HTTPS consumer: it answers every POST with the status and the delay that it was told, and may keep
// a journal of its pushes.
#include <httplib.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <thread>

#include "journal.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Answers every POST with one status, after a delay. For tests and the demo."};
  std::string cert, key;
  int status = 500;
  double delay_s = 0;
  int trickle_s = 0;
  std::string journal_file;
  double store_every_s = 0;
  bool starts_once = false, refuse_copies = false;
  app.add_option("--cert", cert, "PEM certificate")->required();
  app.add_option("--key", key, "PEM key")->required();
  app.add_option("--status", status, "status of every answer")->capture_default_str();
  app.add_option("--delay", delay_s, "seconds before the answer")->capture_default_str();
  app.add_option("--trickle", trickle_s, "send the body one byte a second for so many seconds");
  app.add_option("--journal", journal_file, "write a witness line for each push there, before the answer");
  app.add_option("--store-every", store_every_s, "write the journal only every so many seconds");
  app.add_flag("--starts-once", starts_once, "end at once if the journal is there already");
  app.add_flag("--refuse-copies", refuse_copies, "answer 409 to bytes that are in the journal");
  CLI11_PARSE(app, argc, argv);

  std::optional<bad_consumers::Journal> journal;
  if (!journal_file.empty()) journal.emplace(journal_file, std::chrono::duration<double>(store_every_s));
  if (starts_once && journal && !journal->is_new()) {
    std::cerr << "bad-consumer: it was started before\n";
    return 3;
  }

  httplib::SSLServer server(cert.c_str(), key.c_str());
  if (!server.is_valid()) {
    std::cerr << "bad-consumer: --cert and --key do not make a TLS server\n";
    return 2;
  }
  server.Post(".*", [&](const httplib::Request& request, httplib::Response& response) {
    const bool is_copy = journal && !journal->add(request.body);
    std::this_thread::sleep_for(std::chrono::duration<double>(delay_s));
    response.status = is_copy && refuse_copies ? 409 : status;
    if (trickle_s == 0) {
      response.set_content("no\n", "text/plain");
      return;
    }
    response.set_content_provider(static_cast<std::size_t>(trickle_s), "text/plain",
                                  [](std::size_t, std::size_t, httplib::DataSink& sink) {
                                    std::this_thread::sleep_for(std::chrono::seconds(1));
                                    return sink.write(".", 1);
                                  });
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port < 0) {
    std::cerr << "bad-consumer: no port to listen on\n";
    return 2;
  }
  std::cout << "https://localhost:" << port << "/hook" << std::endl;
  return server.listen_after_bind() ? 0 : 2;
}
