// expect: on<P, T>: T must be described with BOOST_DESCRIBE_STRUCT
#include <boost/describe.hpp>
#include <prospero/webhooks/payload/dispatcher.hpp>

namespace pw = prospero::webhooks;

struct MyOffer {
  pw::Uuid id;
};
#ifdef RIGHT
BOOST_DESCRIBE_STRUCT(MyOffer, (), (id))
#endif

void use(pw::Dispatcher& dispatcher) {
  dispatcher.on<pw::OfferCreated, MyOffer>([](const MyOffer&, pw::Delivery&) {});
}
