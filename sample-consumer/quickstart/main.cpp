// A whole consumer: quickstart PORT PATH CERT KEY
#include <prospero/webhooks/webhooks.hpp>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace pw = prospero::webhooks;

int main(int argc, char** argv) try {
  const int port = argc == 5 ? std::atoi(argv[1]) : -1;
  if (port < 0 || port > 65'535) throw std::invalid_argument("usage: quickstart PORT PATH CERT KEY");
  sigset_t stop_signals;  // blocked before any thread starts, waited for below
  sigemptyset(&stop_signals);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&stop_signals, signal);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  pw::Dispatcher dispatcher{[](const pw::AnyPayload& payload, pw::Delivery&, pw::Known) {
    std::cout << "no handler for " << boost::json::value(pw::event_name(payload)) << std::endl;
  }};
  dispatcher.on<pw::InvoiceUpdated>([](const pw::InvoiceUpdated& push, pw::Delivery&) {
    std::cout << "invoice " << to_text(push.data().id()) << " changed" << std::endl;
  });

  const auto inbox = pw::open_inbox("sqlite:inbox.db");       // 200 means: it is in this file
  pw::Receiver receiver{*inbox, {.hooks = {{argv[2], ""}}}};  // the path is a secret
  pw::Worker worker{*inbox, dispatcher};                      // calls the handlers afterwards
  pw::Listener listener{receiver,
                        {.port = static_cast<std::uint16_t>(port), .certificate_file = argv[3], .key_file = argv[4]}};
  listener.start();
  std::cout << "https://localhost:" << listener.port() << argv[2] << std::endl;

  int signal = 0;
  sigwait(&stop_signals, &signal);
  listener.stop(std::chrono::seconds(3));
} catch (const std::exception& error) {
  std::cerr << "quickstart: " << error.what() << '\n';
  return 2;
}
