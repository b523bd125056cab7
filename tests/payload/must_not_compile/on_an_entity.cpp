// expect: on<P>: P must be one of the nine payload types
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

void use(pw::Dispatcher& dispatcher) {
#ifdef RIGHT
  dispatcher.on<pw::InvoiceUpdated>([](const pw::InvoiceUpdated&, pw::Delivery&) {});
#else
  dispatcher.on<pw::Invoice>([](const pw::Invoice&, pw::Delivery&) {});
#endif
}
