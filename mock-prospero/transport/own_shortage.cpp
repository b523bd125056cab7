#include "transport/own_shortage.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/system/errc.hpp>
#include <cerrno>

namespace mock::transport {

bool is_own_shortage(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  return error == errc::too_many_files_open || error == errc::too_many_files_open_in_system ||
         error == errc::no_buffer_space || error == errc::not_enough_memory;
}

bool socket_can_be_had() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return !is_own_shortage({errno, boost::system::system_category()});
  ::close(fd);
  return true;
}

}  // namespace mock::transport
