// expect: use of deleted function|call to deleted function
#include <prospero/webhooks/payload/payload.hpp>

namespace pw = prospero::webhooks;

#ifdef RIGHT
const pw::Entity* use(const pw::AnyPayload& push) {
  return pw::entity(push);
}
#else
const pw::Entity* use(const pw::OfferCreated& push) {
  return pw::entity(push);
}
#endif
