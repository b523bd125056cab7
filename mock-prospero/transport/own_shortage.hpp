// What keeps an attempt from being made that is not the consumer's doing.
#pragma once

#include <boost/system/error_code.hpp>

namespace mock::transport {

/// This process or machine has no more open files or memory for a socket.
bool is_own_shortage(const boost::system::error_code& error);

/// A socket can be had right now. A name look-up does not tell why it got none.
bool socket_can_be_had();

}  // namespace mock::transport
