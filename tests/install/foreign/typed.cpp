// Reads one payload into its type, with the payload layer alone.
#include <prospero/webhooks/payload/payload.hpp>

#include <iostream>
#include <variant>

namespace pw = prospero::webhooks;

int main() {
  const auto parsed =
      pw::parse(R"({"event": "offer.created", "data": {"id": "5d1c2f80-c93e-11f0-8de9-0242ac120002"}})");
  if (!parsed || !std::holds_alternative<pw::OfferCreated>(*parsed)) return 1;
  std::cout << pw::event_name(*parsed) << " read\n";
}
