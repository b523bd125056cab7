// expect: use of deleted function|call to deleted constructor
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

#ifdef RIGHT
pw::Dispatcher dispatcher{[](const pw::AnyPayload&, pw::Delivery&, pw::Known) {}};
#else
pw::Dispatcher dispatcher;
#endif
