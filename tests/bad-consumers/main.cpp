// A polite but wrong HTTPS consumer: it answers every POST with the status and the delay that it was told.
#include <httplib.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  CLI::App app{"Answers every POST with one status, after a delay. For tests and the demo; it stores nothing."};
  std::string cert, key;
  int status = 500;
  double delay_s = 0;
  int trickle_s = 0;
  app.add_option("--cert", cert, "PEM certificate")->required();
  app.add_option("--key", key, "PEM key")->required();
  app.add_option("--status", status, "status of every answer")->capture_default_str();
  app.add_option("--delay", delay_s, "seconds before the answer")->capture_default_str();
  app.add_option("--trickle", trickle_s, "send the body one byte a second for so many seconds");
  CLI11_PARSE(app, argc, argv);

  httplib::SSLServer server(cert.c_str(), key.c_str());
  if (!server.is_valid()) {
    std::cerr << "bad-consumer: --cert and --key do not make a TLS server\n";
    return 2;
  }
  server.Post(".*", [&](const httplib::Request&, httplib::Response& response) {
    std::this_thread::sleep_for(std::chrono::duration<double>(delay_s));
    response.status = status;
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
