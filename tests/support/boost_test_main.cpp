#define BOOST_TEST_MODULE prospero_webhooks
#include <boost/test/unit_test.hpp>
