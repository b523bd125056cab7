// Receives one push without a socket, with the whole SDK.
#include <prospero/webhooks/webhooks.hpp>

#include <iostream>

namespace pw = prospero::webhooks;

int main() {
  const auto inbox = pw::open_inbox("memory:");
  pw::ReceiverOptions options;
  options.hooks = {{"/hook/secret", ""}};
  pw::Receiver receiver{*inbox, options};
  const auto response =
      receiver.receive({"POST", "/hook/secret", "",
                        R"({"event": "offer.created", "data": {"id": "5d1c2f80-c93e-11f0-8de9-0242ac120002"}})"});
  std::cout << "answered " << response.status << '\n';
  return response.status == 200 ? 0 : 1;
}
