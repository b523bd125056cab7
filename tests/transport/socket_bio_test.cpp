// OpenSSL's way to the socket.
#include "transport/socket_bio.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include <boost/test/unit_test.hpp>

using namespace mock::transport;

namespace {

struct Pair {
  std::array<int, 2> ends{-1, -1};
  SocketEnd end;
  BioPtr bio;

  Pair() {
    BOOST_TEST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
    end.handle = ends[0];
    bio = make_socket_bio(end);
  }
  ~Pair() {
    ::close(ends[0]);
    close_peer();
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void close_peer() {
    if (ends[1] >= 0) ::close(std::exchange(ends[1], -1));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(socket_bio)

BOOST_AUTO_TEST_CASE(carries_bytes_both_ways_and_never_blocks) {
  const Pair pair;
  std::array<char, 8> into{};
  BOOST_TEST(BIO_read(pair.bio.get(), into.data(), into.size()) < 0);
  BOOST_TEST(BIO_should_read(pair.bio.get()) != 0);
  BOOST_TEST(BIO_write(pair.bio.get(), "ab", 2) == 2);
  BOOST_TEST(::read(pair.ends[1], into.data(), into.size()) == 2);
  BOOST_TEST(::write(pair.ends[1], "cde", 3) == 3);
  BOOST_TEST(BIO_read(pair.bio.get(), into.data(), into.size()) == 3);
  const std::string much(1U << 20U, 'x');
  while (BIO_write(pair.bio.get(), much.data(), static_cast<int>(much.size())) > 0) {
  }
  BOOST_TEST(BIO_should_write(pair.bio.get()) != 0);
  BOOST_TEST(pair.end.error == 0);
}

BOOST_AUTO_TEST_CASE(after_the_reads_that_it_is_given_it_says_to_come_again) {
  Pair pair;
  pair.end.reads_left = 1;
  std::array<char, 1> into{};
  BOOST_TEST(::write(pair.ends[1], "ab", 2) == 2);
  BOOST_TEST(BIO_read(pair.bio.get(), into.data(), into.size()) == 1);
  BOOST_TEST(BIO_read(pair.bio.get(), into.data(), into.size()) < 0);
  BOOST_TEST(BIO_should_read(pair.bio.get()) != 0);
  pair.end.reads_left = 1;
  BOOST_TEST(BIO_read(pair.bio.get(), into.data(), into.size()) == 1);
  BOOST_TEST(into[0] == 'b');
}

BOOST_AUTO_TEST_CASE(a_peer_that_has_gone_is_an_error_and_no_signal) {
  Pair pair;
  pair.close_peer();
  BOOST_TEST(BIO_write(pair.bio.get(), "ab", 2) < 0);
  BOOST_TEST(BIO_should_retry(pair.bio.get()) == 0);
  BOOST_TEST(pair.end.error == EPIPE);
  char byte = 0;
  BOOST_TEST(BIO_read(pair.bio.get(), &byte, 1) == 0);
  BOOST_TEST(BIO_should_retry(pair.bio.get()) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
