// expect: bind<T>: this type can be no member
#include <boost/describe.hpp>
#include <prospero/webhooks/payload/bind.hpp>

namespace pw = prospero::webhooks;

struct Price {
  long cents = 0;
};
#ifdef RIGHT
BOOST_DESCRIBE_STRUCT(Price, (), (cents))
#endif
struct MyOffer {
  Price price;
};
BOOST_DESCRIBE_STRUCT(MyOffer, (), (price))

auto use(const pw::Offer& offer) {
  return pw::bind<MyOffer>(offer);
}
