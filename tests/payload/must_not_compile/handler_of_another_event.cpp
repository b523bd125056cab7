// expect: on<P>: the handler must be callable as handler\(const P&, Delivery&\)
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

void use(pw::Dispatcher& dispatcher) {
#ifdef RIGHT
  dispatcher.on<pw::OfferCreated>([](const pw::OfferCreated&, pw::Delivery&) {});
#else
  dispatcher.on<pw::OfferCreated>([](const pw::OfferUpdated&, pw::Delivery&) {});
#endif
}
