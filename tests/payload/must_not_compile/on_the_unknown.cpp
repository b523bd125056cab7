// expect: webhook events that are not known go to the fallback
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

void use(pw::Dispatcher& dispatcher) {
#ifdef RIGHT
  dispatcher.on<pw::OfferCreated>([](const auto&, const pw::Delivery&) {});
#else
  dispatcher.on<pw::UnknownPayload>([](const auto&, const pw::Delivery&) {});
#endif
}
