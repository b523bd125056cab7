// expect: on<P>: the handler must be copyable
#include <memory>
#include <prospero/webhooks/payload/dispatcher.hpp>
#include <utility>

namespace pw = prospero::webhooks;

void use(pw::Dispatcher& dispatcher) {
#ifdef RIGHT
  auto owned = std::make_shared<int>(1);
#else
  auto owned = std::make_unique<int>(1);
#endif
  dispatcher.on<pw::OfferCreated>([owned = std::move(owned)](const pw::OfferCreated&, pw::Delivery&) { ++*owned; });
}
