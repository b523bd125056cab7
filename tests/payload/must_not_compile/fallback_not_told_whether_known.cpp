// expect: Dispatcher: the fallback must be callable as fallback\(const AnyPayload&, Delivery&, Known\)
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

#ifdef RIGHT
pw::Dispatcher dispatcher{[](const pw::AnyPayload&, const pw::Delivery&, pw::Known) {}};
#else
pw::Dispatcher dispatcher{[](const pw::AnyPayload&, const pw::Delivery&) {}};
#endif
