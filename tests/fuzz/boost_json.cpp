// Boost.JSON compiled with the fuzzer's instrumentation, in place of the system's library.
#include <boost/json/src.hpp>
