// expect: on_any<Data>: Data must be CalendarEvent, Invoice or Offer
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

void use(pw::Dispatcher& dispatcher) {
#ifdef RIGHT
  dispatcher.on_any<pw::Offer>([](const auto&, pw::Delivery&) {});
#else
  dispatcher.on_any<pw::OfferCreated>([](const auto&, pw::Delivery&) {});
#endif
}
