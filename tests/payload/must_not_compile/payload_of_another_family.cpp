// expect: this webhook event is about another kind of entity
#include <prospero/webhooks/payload/payload.hpp>

namespace pw = prospero::webhooks;

#ifdef RIGHT
using P = pw::Payload<pw::WebhookEvent::offer_created, pw::Offer>;
#else
using P = pw::Payload<pw::WebhookEvent::offer_created, pw::Invoice>;
#endif
auto event = P::event;
